package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.Request.SendTest;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookFormat;
import io.longline.store.WaitingDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a receiver gets, as the contract says it. */
class RequestRendererTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00.750Z");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OLDER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx";
    private static final Payload PAYLOAD = Payload.of("{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

    private final IdGenerator ids = new IdGenerator(START::toEpochMilli, new SplittableRandom(1));
    private final MovedClock clock = new MovedClock();
    private final RequestRenderer renderer = new RequestRenderer(new TimeSource(clock, () -> 0), "1.2.3");
    private final DeliveryId deliveryId = ids.delivery();
    private final EventId eventId = ids.event();

    @Test
    void headers_areThoseOfTheContractInTheirOrder() {
        Map<String, String> own = new LinkedHashMap<>();
        own.put("X-Zebra", "1");
        own.put("Authorization", "Bearer abc");
        Webhook webhook =
                webhook().headers(own).secrets(SigningSecrets.of(SECRET)).build();

        OutgoingRequest request = renderer.render(flight(webhook, "order.created", 2), PAYLOAD, "application/json");

        assertThat(request.headers().keySet())
                .containsExactly(
                        "Content-Type",
                        "User-Agent",
                        "X-Zebra",
                        "Authorization",
                        "X-Webhook-Event",
                        "X-Webhook-Id",
                        "X-Webhook-Delivery",
                        "X-Webhook-Attempt",
                        "webhook-id",
                        "webhook-timestamp",
                        "webhook-signature",
                        "X-Webhook-Signature");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("User-Agent", "Longline/1.2.3")
                .containsEntry("Authorization", "Bearer abc")
                .containsEntry("X-Webhook-Event", "order.created")
                .containsEntry("X-Webhook-Id", webhook.id().value())
                .containsEntry("X-Webhook-Delivery", deliveryId.value())
                .containsEntry("X-Webhook-Attempt", "3")
                .containsEntry("webhook-id", eventId.value())
                .containsEntry("webhook-timestamp", Long.toString(START.getEpochSecond()));
        assertThat(request.body().bytes()).isSameAs(PAYLOAD.bytes());
        assertThat(request.timeout()).isEqualTo(webhook.timeout());
    }

    @Test
    void webhookWithoutASecret_isSentNoSignature() {
        OutgoingRequest request = renderer.render(flight(webhook().build(), "a", 0), PAYLOAD, "application/json");

        assertThat(request.headers())
                .containsKeys("webhook-id", "webhook-timestamp")
                .doesNotContainKeys("webhook-signature", "X-Webhook-Signature");
    }

    @Test
    void test_saysNoDeliveryAndIsSignedLikeOne() {
        SendTest test = new SendTest(
                "http://receiver.test/",
                SigningSecrets.of(SECRET),
                Map.of(),
                Duration.ofSeconds(3),
                "a",
                null,
                WebhookFormat.STANDARD,
                null,
                null,
                "default",
                new byte[0]);

        OutgoingRequest request = renderer.renderTest(test, "evt_1", PAYLOAD, "application/json");

        assertThat(request.headers())
                .containsEntry("X-Webhook-Attempt", "1")
                .containsKeys("webhook-signature", "X-Webhook-Signature")
                .doesNotContainKeys("X-Webhook-Id", "X-Webhook-Delivery");
    }

    @ParameterizedTest
    @CsvSource({
        "order.created, order.created",
        "Push Hook, Push Hook",
        "orders/create, orders/create",
        "größe, gr%C3%B6%C3%9Fe",
        "注文, %E6%B3%A8%E6%96%87",
        "😀, %F0%9F%98%80",
        "50% off, 50%25 off",
        "%C3%B6, %25C3%25B6",
        "ö at 50%, %C3%B6 at 50%25",
    })
    void eventName_isPercentEncodedOutsidePrintableAscii(String name, String sent) {
        OutgoingRequest request = renderer.render(flight(webhook().build(), name, 0), PAYLOAD, "application/json");

        assertThat(request.headers()).containsEntry("X-Webhook-Event", sent);
    }

    @Test
    void s10_rotation_signsWithBothUntilTheOlderExpires() {
        SigningSecrets rotated = SigningSecrets.of(OLDER).rotate(SECRET, START.plusSeconds(60));
        Webhook webhook = webhook().secrets(rotated).build();

        String during = signature(webhook);
        clock.now = START.plusSeconds(60);
        String after = signature(webhook);

        assertThat(during.split(" ")).hasSize(2).allMatch(each -> each.startsWith("v1,"));
        assertThat(after.split(" ")).hasSize(1);
    }

    @Test
    void changedSecret_signsTheNextAttempt() {
        Webhook before = webhook().secrets(SigningSecrets.of(OLDER)).build();
        Webhook after = before.toBuilder()
                .secrets(SigningSecrets.of(SECRET))
                .version(before.version() + 1)
                .build();
        String first = signature(before);

        String second = signature(after);

        assertThat(second).isNotEqualTo(first).isEqualTo(new Fresh().signature(after));
    }

    @Test
    void keptHeaders_maskOnlyTheWebhooksOwnSecrets() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer abc");
        headers.put("X-Plain", "say \"hi\"");
        headers.put("webhook-signature", "v1,abc");

        String json = RequestRenderer.json(headers, Set.of("Authorization", "X-Plain"), false);

        assertThat(json)
                .isEqualTo(
                        "{\"Authorization\":\"***\",\"X-Plain\":\"say \\\"hi\\\"\",\"webhook-signature\":\"v1,abc\"}");
        assertThat(RequestRenderer.json(headers, Set.of("Authorization", "X-Plain"), true))
                .isEqualTo("{\"Authorization\":\"***\",\"X-Plain\":\"***\",\"webhook-signature\":\"v1,abc\"}");
    }

    /** A renderer that has seen no webhook before. */
    private final class Fresh {
        String signature(Webhook webhook) {
            RequestRenderer fresh = new RequestRenderer(new TimeSource(clock, () -> 0), "1.2.3");
            return fresh.render(flight(webhook, "a", 0), PAYLOAD, "application/json")
                    .headers()
                    .get("webhook-signature");
        }
    }

    private String signature(Webhook webhook) {
        return renderer.render(flight(webhook, "a", 0), PAYLOAD, "application/json")
                .headers()
                .get("webhook-signature");
    }

    private WebhookBuilder webhook() {
        return new WebhookBuilder(ids.webhook(), START)
                .url("http://receiver.test/")
                .events(List.of("*"));
    }

    private Flight flight(Webhook webhook, String eventType, int attempts) {
        long at = START.toEpochMilli();
        return new Flight(
                webhook,
                new WaitingDelivery(deliveryId, eventId, eventType, attempts, attempts, at, at, PAYLOAD.size()),
                null,
                false);
    }

    private static final class MovedClock extends Clock {
        Instant now = START;

        @Override
        public ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
