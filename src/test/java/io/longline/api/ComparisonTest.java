package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.bus.EventPayload;
import io.longline.format.Formats;
import io.longline.model.Delivery;
import io.longline.model.DeliveryStatus;
import io.longline.model.IdGenerator;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final IdGenerator ids = new IdGenerator(NOW::toEpochMilli, new Random(1));
    private final List<Delivery> deliveries = new ArrayList<>();
    private final Webhook webhook = new WebhookBuilder(ids.webhook(), NOW)
            .headers(Map.of("X-Shop", "secret-1"))
            .build();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode compare(String pointer, String requests, String... datas) {
        Comparison comparison = new Comparison(
                webhook,
                Formats.of(WebhookFormat.RAW, null, Map.of()),
                pointer == null ? null : JsonPointer.compile(pointer),
                SentRequests.read(bytes(requests), !requests.startsWith("[")));
        for (String data : datas) {
            Delivery delivery = new Delivery(
                    ids.delivery(),
                    "default",
                    ids.event(),
                    "order.created",
                    webhook.id(),
                    DeliveryStatus.SUCCEEDED,
                    false,
                    1,
                    null,
                    Delivery.SHADOW,
                    null,
                    NOW,
                    NOW);
            deliveries.add(delivery);
            comparison.add(
                    delivery,
                    EventPayload.of(delivery.eventId().value(), "order.created", NOW, bytes(data), bytes("{}")));
        }
        return comparison.result(false);
    }

    private static List<Integer> counts(JsonNode result) {
        return List.of("same", "same_bytes", "different", "only_here", "only_there").stream()
                .map(name -> result.path(name).asInt())
                .toList();
    }

    @Test
    void aPointer_pairsWhateverTheOrder() {
        JsonNode result = compare(
                "/id",
                "{\"body\":{\"n\":2.0,\"id\":7}}\n\n{\"body\":\"{\\\"id\\\":\\\"a\\\",\\\"n\\\":1}\"}\n"
                        + "{\"body\":\"no json\",\"key\":\"b\"}\n{\"body\":[]}\n{\"body\":{\"id\":\"z\"}}",
                "{\"id\":\"a\",\"n\":1}",
                "{\"id\":\"b\",\"n\":3}",
                "{\"id\":7,\"n\":2}",
                "{\"id\":\"c\"}");

        assertThat(counts(result)).containsExactly(2, 1, 1, 1, 2);
        assertThat(result.at("/pairs/0/key").asText()).isEqualTo("b");
        assertThat(result.at("/pairs/0/index").asInt()).isEqualTo(2);
        assertThat(result.at("/pairs/0/differences/0/there").asText()).isEqualTo("no json");
        assertThat(result.at("/unpaired_deliveries/0/key").asText()).isEqualTo("c");
        assertThat(result.at("/unpaired_requests/0/index").asInt()).isEqualTo(3);
        assertThat(result.at("/unpaired_requests/1/key").asText()).isEqualTo("z");
    }

    @Test
    void equalKeys_pairInTheirOrder() {
        JsonNode result = compare(
                "/id",
                "[{\"body\":{\"id\":1,\"n\":1}},{\"body\":{\"id\":1,\"n\":2}}]",
                "{\"id\":1,\"n\":1}",
                "{\"id\":1,\"n\":2}",
                "{\"id\":1,\"n\":3}");

        assertThat(counts(result)).containsExactly(2, 0, 0, 1, 0);
    }

    @Test
    void withoutAPointer_keysAreEvents_andTheRestGoesByOrder() {
        JsonNode result = compare(null, "[{\"body\":1},{\"body\":2},{\"body\":3,\"key\":\"evt_none\"}]", "1", "3");

        assertThat(counts(result)).containsExactly(1, 0, 1, 0, 1);
        assertThat(result.at("/pairs/0/event_id").asText())
                .isEqualTo(deliveries.get(1).eventId().value());
        assertThat(result.at("/pairs/0/differences").toString())
                .isEqualTo("[{\"pointer\":\"\",\"here\":\"3\",\"there\":\"2\"}]");
    }

    @Test
    void headers_areComparedWhereTheyAreGiven_andTheirValuesNotTold() {
        JsonNode result = compare(
                null,
                "[{\"body\":1,\"headers\":{\"content-type\":\"Application/JSON; charset=utf-8\",\"x-shop\":\"secret-1\"}},"
                        + "{\"body\":1,\"headers\":{\"Content-Type\":\"text/plain\",\"X-SHOP\":\"other\"}},{\"body\":1}]",
                "1",
                "1",
                "1");

        assertThat(counts(result)).containsExactly(2, 0, 1, 0, 0);
        assertThat(result.at("/pairs/0/headers").toString()).isEqualTo("[\"content-type\",\"x-shop\"]");
        assertThat(result.toString()).doesNotContain("secret-1");
    }

    @Test
    void details_areBounded() {
        String requests = "[" + "{\"body\":1},".repeat(499) + "{\"body\":1}]";

        JsonNode result = compare(null, requests, "2,".repeat(700).split(","));

        assertThat(counts(result)).containsExactly(0, 0, 500, 200, 0);
        assertThat(result.path("pairs")).hasSize(100);
        assertThat(result.path("unpaired_deliveries")).hasSize(100);
    }

    @Test
    void whatIsNoRequest_isRefusedWithItsPlace() {
        Problem problem = catchThrowableOfType(
                Problem.class,
                () -> SentRequests.read(
                        bytes("[{\"body\":1,\"url\":\"x\"},7,{\"key\":1,\"headers\":{\"a\":1}}]"), false));
        Problem none = catchThrowableOfType(Problem.class, () -> SentRequests.read(bytes("[]"), false));

        assertThat(problem.faults())
                .extracting(Problem.Fault::pointer)
                .containsExactlyInAnyOrder("/0/url", "/1", "/2/body", "/2/key", "/2/headers/a");
        assertThat(none.status()).isEqualTo(422);
    }
}
