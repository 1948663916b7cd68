package examples;

import io.longline.BatchProcessor;
import io.longline.DatabaseIntegration;
import io.longline.DiscordNotifier;
import io.longline.EventReceipt;
import io.longline.GitHubAdapter;
import io.longline.SlackNotifier;
import io.longline.WebhookManager;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Adapters of a manager that has been started. */
public final class Integrations {
    private Integrations() {}

    static Future<?> gitHub(WebhookManager manager) {
        GitHubAdapter github = new GitHubAdapter(manager);

        // Handle GitHub push event
        return github.handlePush(Map.of(
                "repository", Map.of("full_name", "user/repo"),
                "pusher", Map.of("name", "developer"),
                "commits", List.of(),
                "ref", "refs/heads/main"));
    }

    static Future<?> slack(WebhookManager manager, String url) {
        // https://hooks.slack.com/services/...
        SlackNotifier slack = new SlackNotifier(manager, url);

        // Send message
        Future<EventReceipt> message = slack.sendMessage("Deployment completed!", "#deployments");

        // Send alert
        Future<EventReceipt> alert = slack.sendAlert("High CPU Usage", "CPU usage exceeded 90%", "warning");
        return Future.all(message, alert);
    }

    static Future<?> discord(WebhookManager manager, String url) {
        // https://discord.com/api/webhooks/...
        DiscordNotifier discord = new DiscordNotifier(manager, url);

        // Send embed
        return discord.sendEmbed("New Order", "Order #123 received", 0x00FF00);
    }

    static Future<?> database(WebhookManager manager) {
        DatabaseIntegration hooks = new DatabaseIntegration(manager);
        Map<String, String> oldData = Map.of("name", "John", "email", "john@example.com");
        Map<String, String> newData = Map.of("name", "John", "email", "j@example.com");

        // Trigger on database changes
        return hooks.onRecordCreated("users", 123, oldData)
                .compose(created -> hooks.onRecordUpdated("users", 123, oldData, newData))
                .compose(updated -> hooks.onRecordDeleted("users", 123));
    }

    static Future<Void> batches(WebhookManager manager) {
        BatchProcessor batch = new BatchProcessor(manager, 100, Duration.ofSeconds(5));

        // Add events to batch
        for (int i = 0; i < 1000; i++) {
            batch.addEvent("data.created", Map.of("id", i));
        }

        // Auto-flushes every 100 events or 5 seconds
        return batch.flush();
    }
}
