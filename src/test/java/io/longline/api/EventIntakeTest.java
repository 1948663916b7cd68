package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken in, singly and by the batch: sizes, media types, tenants, all or nothing. */
class EventIntakeTest {
    private static final String TRIGGER = "/api/events/trigger";
    private static final String BATCH = "/api/events/batch";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(
            "ingest.max_payload_bytes",
            "1024",
            "server.max_body_bytes",
            "2048",
            "ingest.max_batch_bytes",
            "4096",
            "ingest.max_batch_events",
            "10");

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    private static Answer lines(String lines) {
        return api().send(
                        "POST", BATCH, lines.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/x-ndjson");
    }

    private static String event(String name, int size) {
        return "{\"event\":\"" + name + "\",\"data\":\"" + "x".repeat(size) + "\"}";
    }

    private static List<String> stored(String event) {
        return api().get("/api/events/recent?limit=500&event=" + event).each("id");
    }

    @Test
    void event_thatNobodySubscribesToIsStoredToo() {
        Answer answer = api().trigger("lonely");

        assertThat(answer.json().path("deliveries").asInt()).isZero();
        assertThat(api().get("/api/events/" + answer.id()).json().path("deliveries"))
                .isEmpty();
    }

    @Test
    void event_isCountedOncePerWebhookHoweverManyPatternsFit() {
        api().register(RECEIVER.url("/many"), "many.*", "many.one", "many.*");

        Answer answer = api().trigger("many.one");

        assertThat(answer.json().path("deliveries").asInt()).isEqualTo(1);
    }

    @Test
    void e3_eventReachesOnlyWebhooksOfItsOwnTenant() {
        for (String tenant : List.of("red", "blue")) {
            api().post(
                            "/api/webhooks",
                            "{\"url\":\"" + RECEIVER.url("/" + tenant) + "\",\"events\":[\"*\"],\"tenant\":\"" + tenant
                                    + "\"}");
        }

        Answer answer = api().post(TRIGGER, "{\"event\":\"t\",\"data\":1,\"tenant\":\"blue\"}");

        assertThat(answer.json().path("deliveries").asInt()).isEqualTo(1);
        assertThat(RECEIVER.await("/blue", 1).get(0).header("webhook-id")).isEqualTo(answer.id());
        assertThat(RECEIVER.received("/red")).isEmpty();
        assertThat(api().get("/api/events/recent?tenant=blue").each("id")).contains(answer.id());
        assertThat(api().get("/api/events/recent?tenant=red").each("id")).isEmpty();
        assertThat(api().get("/api/deliveries?tenant=red").each("id")).isEmpty();
        assertThat(api().get("/api/webhooks?tenant=red").each("tenant")).containsOnly("red");
    }

    @Test
    void payload_beyondItsLimitIsRefusedAndNothingStored() {
        Answer fits = api().post(TRIGGER, event("size", 800));
        Answer tooLarge = api().post(TRIGGER, event("size", 1_000));

        assertThat(fits.status()).isEqualTo(202);
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(stored("size")).containsExactly(fits.id());
    }

    @Test
    void body_beyondItsLimitIsRefused() {
        assertThat(api().post(TRIGGER, event("body", 3_000)).status()).isEqualTo(413);
        assertThat(api().post(BATCH, "[" + event("body", 5_000) + "]").status()).isEqualTo(413);
        assertThat(api().post("/api/webhooks", "{\"x\":\"" + "x".repeat(3_000) + "\"}")
                        .status())
                .isEqualTo(413);
        assertThat(stored("body")).isEmpty();
    }

    @Test
    void body_farBeyondItsLimitIsAnsweredAllTheSame() {
        Answer answer = api().post(TRIGGER, event("flood", 3_000_000));

        assertThat(answer.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonp",
                "text/json",
                "application/x-ndjson",
                "application/json+xml",
                "*/*",
                ""
            })
    void trigger_refusesOtherMediaTypesThanJson(String type) {
        byte[] body = event("media", 1).getBytes(StandardCharsets.UTF_8);

        Answer answer = type.isEmpty()
                ? api().send("POST", TRIGGER, body)
                : api().send("POST", TRIGGER, body, "Content-Type", type);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(stored("media")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "APPLICATION/JSON; charset=UTF-8", "application/vnd.shop+json"})
    void trigger_takesJsonInEveryDress(String type) {
        byte[] body = event("dress", 1).getBytes(StandardCharsets.UTF_8);

        assertThat(api().send("POST", TRIGGER, body, "Content-Type", type).status())
                .isEqualTo(202);
    }

    @Test
    void batch_answersInTheOrderSent() {
        Answer array = api().post(BATCH, "[" + event("b.1", 1) + "," + event("b.2", 1) + "," + event("b.3", 1) + "]");
        Answer byLine = lines(event("b.1", 1) + "\n" + event("b.2", 1) + "\r\n\r\n \n" + event("b.3", 1) + "\n");

        for (Answer answer : List.of(array, byLine)) {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.each("event")).containsExactly("b.1", "b.2", "b.3");
            assertThat(answer.each("id")).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void batch_storesAllOrNothing() {
        String good = event("all", 1);

        Answer invalid =
                api().post(BATCH, "[" + good + ",{\"event\":\"\",\"data\":1},7," + good + ",{\"data\":1,\"x\":1}]");
        Answer tooLarge = api().post(BATCH, "[" + good + "," + event("all", 1_200) + "]");
        Answer malformed = api().post(BATCH, "[" + good + "," + good);
        Answer badLine = lines(good + "\n" + good + "\n{\"event\":");
        Answer twoOnALine = lines(good + good);
        Answer badField = lines(good + "\n\n{\"event\":\"\",\"data\":1}\n" + good);

        assertThat(invalid.status()).isEqualTo(422);
        assertThat(invalid.pointers()).containsExactlyInAnyOrder("/1/event", "/2", "/4/event", "/4/x");
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(badLine.status()).isEqualTo(400);
        assertThat(badLine.json().path("detail").asText()).isEqualTo("The body is not valid JSON (line 3, column 10)");
        assertThat(twoOnALine.status()).isEqualTo(400);
        assertThat(badField.pointers()).containsExactly("/1/event");
        assertThat(badField.json().at("/errors/0/detail").asText()).endsWith("(line 3)");
        assertThat(stored("all")).isEmpty();
    }

    @Test
    void batch_hasOneToItsLimitOfEvents() {
        List<String> ten = Collections.nCopies(10, event("ten", 1));
        List<String> eleven = Collections.nCopies(11, event("ten", 1));

        assertThat(api().post(BATCH, "[" + String.join(",", ten) + "]").status())
                .isEqualTo(202);
        assertThat(lines(String.join("\n", ten)).status()).isEqualTo(202);
        assertThat(api().post(BATCH, "[" + String.join(",", eleven) + "]").status())
                .isEqualTo(422);
        assertThat(lines(String.join("\n", eleven)).status()).isEqualTo(422);
        assertThat(api().post(BATCH, "[]").status()).isEqualTo(422);
        assertThat(lines("\n\n").status()).isEqualTo(422);
        assertThat(stored("ten")).hasSize(20);
    }

    @Test
    void batch_mayHoldEventsOfSeveralTenants() {
        Answer answer = api().post(
                        BATCH,
                        "[{\"event\":\"mixed\",\"data\":1,\"tenant\":\"one\"},{\"event\":\"mixed\",\"data\":1,\"tenant\":\"two\"}]");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(api().get("/api/events/recent?tenant=one&event=mixed").each("id"))
                .containsExactly(answer.each("id").get(0));
        assertThat(api().get("/api/events/recent?tenant=two&event=mixed").each("id"))
                .containsExactly(answer.each("id").get(1));
    }

    @Test
    void event_showsTheTimeItWasSaidToHaveHappenedAndIsFoundByItsAcceptance() {
        String old = api().post(TRIGGER, "{\"event\":\"old\",\"data\":1,\"timestamp\":\"2001-01-01T00:00:00Z\"}")
                .id();

        Answer found = api().get("/api/events/recent?event=old&since=2026-01-01T00:00:00Z");

        assertThat(found.each("id")).containsExactly(old);
        assertThat(found.each("timestamp")).containsExactly("2001-01-01T00:00:00.000Z");
    }
}
