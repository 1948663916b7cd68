package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same call twice makes one event (E12). */
class IdempotencyTest {
    private static final String TRIGGER = "/api/events/trigger";
    private static final String BATCH = "/api/events/batch";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static Api api() {
        return SERVER.api();
    }

    private static String event(String name, String more) {
        return "{\"event\":\"" + name + "\",\"data\":1" + more + "}";
    }

    private static Answer trigger(String key, String body) {
        return api().post(TRIGGER, body, "Idempotency-Key", key);
    }

    private static List<String> stored(String event) {
        return api().get("/api/events/recent?limit=500&event=" + event).each("id");
    }

    @Test
    void e12_aRepeatedCallGetsTheFirstAnswerAndStoresNothing() {
        Answer first = trigger("twice", event("twice", ""));

        Answer second = trigger("twice", event("twice", ""));

        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(stored("twice")).containsExactly(first.id());
    }

    @Test
    void e12_theSameKeyWithAnotherBodyIsAConflict() {
        trigger("other", event("other", ""));

        Answer answer = trigger("other", event("other", " "));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(stored("other")).hasSize(1);
    }

    @Test
    void e12_twinsAtTheSameTimeMakeOneEvent() {
        List<CompletableFuture<Answer>> twins = IntStream.range(0, 40)
                .mapToObj(n -> api().postAsync(TRIGGER, event("twins", ""), "Idempotency-Key", "twins"))
                .toList();

        List<Answer> answers = twins.stream().map(CompletableFuture::join).toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
        assertThat(answers.stream().map(Answer::id).distinct()).hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> answer.header("Idempotent-Replayed").isEmpty()))
                .hasSize(1);
        assertThat(stored("twins")).hasSize(1);
    }

    @Test
    void e12_rivalsAtTheSameTimeMakeOneEventAndTheOthersConflict() {
        List<CompletableFuture<Answer>> rivals = IntStream.range(0, 20)
                .mapToObj(n -> api().postAsync(TRIGGER, event("rivals", " ".repeat(n)), "Idempotency-Key", "rivals"))
                .toList();

        List<Integer> statuses =
                rivals.stream().map(rival -> rival.join().status()).sorted().toList();

        assertThat(statuses).hasSize(20).startsWith(202, 409).endsWith(409);
        assertThat(stored("rivals")).hasSize(1);
    }

    @Test
    void e12_keysOfTenantsAndOfCallsNeverMeet() {
        Answer ours = trigger("shared", event("shared", ""));
        Answer theirs = trigger("shared", event("shared", ",\"tenant\":\"they\""));
        Answer batch = api().post(BATCH, "[" + event("shared", "") + "]", "Idempotency-Key", "shared");

        assertThat(List.of(ours.status(), theirs.status(), batch.status())).containsOnly(202);
        assertThat(batch.header("Idempotent-Replayed")).isEmpty();
        assertThat(stored("shared")).hasSize(3);
    }

    @Test
    void e12_aRepeatedBatchGetsTheFirstAnswer() {
        String body = "[" + event("again", "") + "," + event("again", ",\"timestamp\":\"2026-01-31T12:00:00Z\"") + "]";
        Answer first = api().post(BATCH, body, "Idempotency-Key", "again");

        Answer second = api().post(BATCH, body, "Idempotency-Key", "again");

        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(stored("again")).hasSize(2);
    }

    @Test
    void e12_aRefusedCallDoesNotUseItsKeyUp() {
        assertThat(trigger("fresh", "{\"event\":\"fresh\"}").status()).isEqualTo(422);

        Answer answer = trigger("fresh", event("fresh", ""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void e12_keysAreRememberedAcrossARestart(@TempDir Path directory) {
        Answer first;
        try (RunningServer before = RunningServer.start(directory)) {
            first = before.api().post(TRIGGER, event("kept", ""), "Idempotency-Key", "kept");
        }

        try (RunningServer after = RunningServer.start(directory)) {
            Answer second = after.api().post(TRIGGER, event("kept", ""), "Idempotency-Key", "kept");

            assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(second.body()).isEqualTo(first.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a\tb", "caf\u00e9"})
    void key_isRefusedWhenItIsNotPrintableAscii(String key) {
        Answer answer = RawHttp.exchange(
                SERVER.port(),
                "POST " + TRIGGER
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: " + key
                        + "\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{\"event\":\"odd\",\"data\":1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(stored("odd")).isEmpty();
    }

    @Test
    void key_hasUpTo255Characters() {
        assertThat(trigger("k".repeat(255), event("long", "")).status()).isEqualTo(202);
        assertThat(trigger("k".repeat(256), event("long", "")).status()).isEqualTo(400);
    }

    private static String cloudEvent(String id, String event) {
        return "{\"specversion\":\"1.0\",\"source\":\"/s\",\"id\":\"" + id + "\",\"type\":\"" + event + "\"}";
    }

    private static Answer send(String path, String type, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", type));
        return api().send("POST", path, body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    @Test
    void e12_aCloudEventIsKnownByItsSourceAndId_inEveryForm() {
        String structured = "application/cloudevents+json";
        String several = "application/cloudevents-batch+json";
        Answer first = send(TRIGGER, structured, cloudEvent("1", "ce.one"));

        Answer headers = send(
                TRIGGER,
                "text/plain",
                "other data",
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                "/s",
                "ce-type",
                "ce.one");
        String both = "[" + cloudEvent("1", "ce.one") + "," + cloudEvent("2", "ce.one") + ","
                + cloudEvent("2", "ce.one") + "]";
        Answer batch = send(BATCH, several, both);
        Answer again = send(TRIGGER, several, both);
        Answer elsewhere = send(TRIGGER + "?tenant=acme", structured, cloudEvent("1", "ce.one"));

        assertThat(headers.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(headers.body()).isEqualTo(first.body());
        assertThat(batch.status()).isEqualTo(202);
        assertThat(batch.header("Idempotent-Replayed")).isEmpty();
        List<String> ids = batch.each("id");
        assertThat(ids).hasSize(3).startsWith(first.id());
        assertThat(ids.get(2)).isEqualTo(ids.get(1)).isNotEqualTo(first.id());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.each("id")).isEqualTo(ids);
        assertThat(elsewhere.header("Idempotent-Replayed")).isEmpty();
        assertThat(stored("ce.one")).containsExactlyInAnyOrder(elsewhere.id(), ids.get(1), first.id());
    }

    @Test
    void e12_aKeyOfTheCallGoesBeforeACloudEventsOwn() {
        String structured = "application/cloudevents+json";
        Answer first = send(TRIGGER, structured, cloudEvent("k", "ce.key"), "Idempotency-Key", "ce");

        Answer again = send(TRIGGER, structured, " " + cloudEvent("k", "ce.key"), "Idempotency-Key", "ce");
        Answer other = send(TRIGGER, structured, cloudEvent("l", "ce.key"), "Idempotency-Key", "ce");
        Answer unkeyed = send(TRIGGER, structured, cloudEvent("k", "ce.key"));

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(409);
        assertThat(unkeyed.header("Idempotent-Replayed")).isEmpty();
        assertThat(stored("ce.key")).hasSize(2);
    }
}
