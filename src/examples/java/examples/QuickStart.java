package examples;

import io.longline.BlockingWebhookManager;
import io.longline.ManagerOptions;
import io.longline.WebhookConfig;
import io.longline.WebhookManager;
import java.util.Map;

/** Register a webhook, trigger an event. */
public final class QuickStart {
    private QuickStart() {}

    public static void main(String[] arguments) {
        run(new ManagerOptions(), "https://example.com/webhook");
    }

    static String run(ManagerOptions options, String url) {
        // Initialize manager
        BlockingWebhookManager manager = WebhookManager.create(options).blocking();
        manager.start();

        // Register a webhook
        String webhookId = manager.registerWebhook(
                new WebhookConfig(url, "data.created", "data.updated").secret("your-secret-key"));

        // Trigger an event
        manager.triggerEvent("data.created", Map.of("id", "123", "name", "Test Item"), Map.of("source", "api"));

        manager.stop();
        return webhookId;
    }
}
