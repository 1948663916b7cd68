package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final WebhookId ID = new WebhookId("wh_0123456789abcdefghjkmnpqrs");

    @Test
    void newWebhook_hasTheContractsDefaults() {
        Webhook webhook = new WebhookBuilder(ID, NOW).build();

        assertThat(webhook.tenant()).isEqualTo("default");
        assertThat(webhook.active()).isTrue();
        assertThat(webhook.paused()).isFalse();
        assertThat(webhook.retry().retryCount()).isEqualTo(3);
        assertThat(webhook.retry().retryDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(webhook.retry().schedule()).isNull();
        assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(webhook.headers()).isEmpty();
        assertThat(webhook.metadataJson()).isEqualTo("{}");
        assertThat(webhook.version()).isEqualTo(1);
        assertThat(webhook.circuit()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(webhook.isHeld()).isFalse();
        assertThat(webhook.isDeleted()).isFalse();
    }

    @Test
    void toBuilder_carriesEveryFieldOver() {
        Webhook webhook = everyFieldSet();

        Webhook copy = webhook.toBuilder().build();

        assertThat(copy).isEqualTo(webhook);
    }

    @Test
    void webhook_isHeldWhenDisabledPausedOrItsCircuitIsNotClosed() {
        Webhook webhook = new WebhookBuilder(ID, NOW).build();

        assertThat(webhook.toBuilder().active(false).build().isHeld()).isTrue();
        assertThat(webhook.toBuilder().paused(true).build().isHeld()).isTrue();
        assertThat(webhook.toBuilder().circuit(CircuitStatus.OPEN).build().isHeld())
                .isTrue();
        assertThat(webhook.toBuilder().circuit(CircuitStatus.PROBING).build().isHeld())
                .isTrue();
    }

    @Test
    void webhook_keepsItsHeadersInTheOrderGiven() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Zulu", "1");
        headers.put("X-Alpha", "2");
        headers.put("X-Mike", "3");

        Webhook webhook = new WebhookBuilder(ID, NOW).headers(headers).build();

        assertThat(webhook.headers().keySet()).containsExactly("X-Zulu", "X-Alpha", "X-Mike");
    }

    @Test
    void webhook_isNotChangedThroughWhatItWasMadeOf() {
        List<String> events = new ArrayList<>(List.of("order.*"));
        Map<String, String> headers = new LinkedHashMap<>(Map.of("X-Shop", "north"));
        Webhook webhook =
                new WebhookBuilder(ID, NOW).events(events).headers(headers).build();

        events.add("*");
        headers.put("X-Shop", "south");

        assertThat(webhook.events()).containsExactly("order.*");
        assertThat(webhook.headers()).containsEntry("X-Shop", "north");
        assertThatThrownBy(() -> webhook.headers().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void retries_areThoseOfTheScheduleWhereThereIsOne() {
        Duration second = Duration.ofSeconds(1);

        assertThat(new RetryPolicy(7, second, null).retries()).isEqualTo(7);
        assertThat(new RetryPolicy(7, second, List.of(second, second)).retries())
                .isEqualTo(2);
    }

    private static Webhook everyFieldSet() {
        return new WebhookBuilder(ID, NOW)
                .tenant("acme")
                .url("https://hooks.example.com/orders")
                .events(List.of("order.*"))
                .secrets(SigningSecrets.of("old secret").rotate("new secret", NOW.plusSeconds(60)))
                .active(false)
                .paused(true)
                .retry(new RetryPolicy(5, Duration.ofSeconds(10), List.of(Duration.ofSeconds(1))))
                .timeout(Duration.ofSeconds(15))
                .headers(Map.of("X-Shop", "north"))
                .metadataJson("{\"team\":\"fulfilment\"}")
                .description("Orders to the warehouse")
                .rateLimit(50.0)
                .maxInFlight(8)
                .disabledReason("gone")
                .circuit(CircuitStatus.OPEN)
                .circuitRetryAt(NOW.plusSeconds(30))
                .version(7)
                .deletedAt(NOW.plusSeconds(1))
                .updatedAt(NOW.plusSeconds(2))
                .build();
    }
}
