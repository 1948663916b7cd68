package examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.BlockingWebhookManager;
import io.longline.ManagerOptions;
import io.longline.WebhookConfig;
import io.longline.WebhookManager;
import io.longline.WebhookStats;
import io.longline.chat.ChatServices;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples run as they are, but for addresses and files of the test's. */
class ExamplesTest {
    @TempDir
    private Path folder;

    private ChatServices services;

    @BeforeEach
    void open() {
        services = new ChatServices();
    }

    @AfterEach
    void close() {
        services.close();
    }

    private ManagerOptions options() {
        return ManagerOptions.at(folder.resolve("webhooks.db").toString());
    }

    @Test
    void quickStart_deliversWhatItTriggers_evenAfterItHasStopped() {
        String webhookId = QuickStart.run(options(), services.url("any"));

        try (BlockingWebhookManager again = WebhookManager.create(options()).blocking()) {
            again.start();
            await().until(() -> !services.taken("any").isEmpty());
            JsonNode payload = services.taken("any").get(0);
            assertThat(payload.get("event").asText()).isEqualTo("data.created");
            assertThat(payload.at("/data/name").asText()).isEqualTo("Test Item");
            assertThat(payload.at("/metadata/source").asText()).isEqualTo("api");
            await().until(() -> again.getWebhookStats(webhookId).successful() == 1);
            assertThat(again.getWebhook(webhookId).events()).containsExactly("data.created", "data.updated");
            assertThat(again.getWebhookSecret(webhookId)).isEqualTo("your-secret-key");
        }
    }

    @Test
    void orders_setEveryParameter() throws Exception {
        WebhookManager manager = WebhookManager.create(options());

        WebhookStats stats = end(Orders.run(manager, services.url("any")));

        assertThat(stats.asMap()).containsOnlyKeys("total_attempts", "successful", "failed", "avg_duration_ms");
        await().until(() -> !services.taken("any").isEmpty());
        assertThat(services.taken("any").get(0).at("/data/total").asText()).isEqualTo("99.99");
        end(manager.stop());
    }

    @Test
    void integrations_reachTheirServices() throws Exception {
        WebhookManager manager = WebhookManager.create(options());
        end(manager.start());
        end(manager.registerWebhook(new WebhookConfig(services.url("any"), "github.*", "data.*")));

        end(Integrations.gitHub(manager));
        end(Integrations.slack(manager, services.url("slack")));
        end(Integrations.discord(manager, services.url("discord")));
        end(Integrations.database(manager));
        end(Integrations.batches(manager));

        await().until(() -> services.taken("any").size() == 1 + 3 + 1_000);
        await().until(() -> services.taken("slack").size() == 2);
        await().until(() -> services.taken("discord").size() == 1);
        assertThat(services.refused()).isEmpty();
        List<JsonNode> slack = services.taken("slack");
        JsonNode message = slack.get(slack.get(0).has("channel") ? 0 : 1);
        JsonNode alert = slack.get(slack.get(0).has("channel") ? 1 : 0);
        assertThat(message.get("text").asText()).isEqualTo("Deployment completed!");
        assertThat(message.get("channel").asText()).isEqualTo("#deployments");
        assertThat(alert.at("/attachments/0/color").asText()).isEqualTo("warning");
        assertThat(alert.at("/attachments/0/blocks/0/text/text").asText()).isEqualTo("High CPU Usage");
        JsonNode embed = services.taken("discord").get(0).at("/embeds/0");
        assertThat(embed.get("title").asText()).isEqualTo("New Order");
        assertThat(embed.get("color").asInt()).isEqualTo(0x00FF00);
        assertThat(event("github.push").at("/data/pusher/name").asText()).isEqualTo("developer");
        JsonNode updated = event("data.updated").get("data");
        assertThat(updated.at("/changed/0").asText()).isEqualTo("email");
        assertThat(updated.get("changed")).hasSize(1);
        assertThat(updated.at("/old/email").asText()).isEqualTo("john@example.com");
        assertThat(event("data.deleted").at("/data/id").asInt()).isEqualTo(123);
        end(manager.stop());
    }

    private JsonNode event(String name) {
        return services.taken("any").stream()
                .filter(payload -> payload.path("event").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static <T> T end(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
