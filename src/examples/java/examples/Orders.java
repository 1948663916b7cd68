package examples;

import io.longline.ManagerOptions;
import io.longline.WebhookConfig;
import io.longline.WebhookManager;
import io.longline.WebhookStats;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Every parameter of a webhook, and its statistics; with futures. */
public final class Orders {
    private Orders() {}

    public static void main(String[] arguments) {
        WebhookManager manager = WebhookManager.create(ManagerOptions.at("webhooks.db"));
        run(manager, "https://api.example.com/webhook")
                .onSuccess(stats -> System.out.println(stats.asMap()))
                .eventually(manager::stop);
    }

    static Future<WebhookStats> run(WebhookManager manager, String url) {
        // Register webhook
        WebhookConfig config = new WebhookConfig(url)
                .events(List.of("order.created", "order.updated"))
                .secret("secret-key")
                .retryCount(3)
                .retryDelay(Duration.ofSeconds(5))
                .timeout(Duration.ofSeconds(30))
                .headers(Map.of("X-API-Key", "key"))
                .metadata(Map.of("team", "fulfilment"))
                .active(true);

        return manager.start().compose(started -> manager.registerWebhook(config)).compose(webhookId -> manager
                // Trigger event
                .triggerEvent("order.created", Map.of("order_id", "ORD-123", "total", new BigDecimal("99.99")))
                // total_attempts, successful, failed, avg_duration_ms
                .compose(receipt -> manager.getWebhookStats(webhookId)));
    }
}
