package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.journey.ScriptedReceiver.Received;
import io.longline.journey.ScriptedReceiver.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret is rotated: which secrets sign what a receiver gets, and until when: S10. */
class RotationJourneyTest {
    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;
    private String path;
    private String first;

    @BeforeEach
    void open() {
        server = JourneyServer.start(folder, Map.of("delivery.sweep_seconds", "1"));
        receiver = ScriptedReceiver.always(200);
        JsonNode webhook = server.webhook(receiver.url(), "order.*", ",\"retry_schedule\":[60,60]");
        path = "/api/webhooks/" + webhook.get("id").asText();
        first = webhook.get("secret").asText();
    }

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    @Test
    void s10_bothSecretsSignUntilTheOldOneExpires() {
        String second = rotate("{\"expire_after\":120}");

        assertThat(second).startsWith("whsec_").isNotEqualTo(first);
        assertSignedBy(second, first);
        server.passTime(Duration.ofSeconds(100));
        assertSignedBy(second, first);
        server.passTime(Duration.ofSeconds(21));
        assertThat(assertSignedBy(second))
                .matches(request -> !ReferenceCheck.isSignedBy(first, request), "not signed by the expired secret");
    }

    @Test
    void s10_overlapLastsADayUnlessSaidOtherwise() {
        JsonNode rotated = server.post(path + "/secret/rotate", "");

        Instant expires =
                Instant.parse(rotated.get("previous_secret_expires_at").asText());
        assertThat(Duration.between(server.now(), expires))
                .isBetween(Duration.ofSeconds(86_340), Duration.ofSeconds(86_400));
    }

    @Test
    void s10_overlapOfNothing_endsTheOldSecretAtOnce() {
        String second = rotate("{\"secret\":\"a phrase of the owner's\",\"expire_after\":0}");

        assertThat(second).isEqualTo("a phrase of the owner's");
        Received request = next();
        assertThat(signatures(request)).hasSize(1);
        assertThat(ReferenceCheck.isSignedBy(first, request)).isFalse();
        assertThat(request.header("X-Webhook-Signature"))
                .isEqualTo(ReferenceCheck.bodySignature(second, request.body()));
    }

    @Test
    void s10_secondRotationWithinTheOverlap_keepsOnlyTheNewestTwo() {
        String second = rotate("{\"expire_after\":120}");

        String third = rotate("{\"expire_after\":120}");

        Received request = assertSignedBy(third, second);
        assertThat(ReferenceCheck.isSignedBy(first, request)).isFalse();
    }

    @Test
    void s10_overlapOutlastsARestart() {
        String second = rotate("{\"expire_after\":120}");

        restart();

        assertSignedBy(second, first);
    }

    @Test
    void s10_secretThatExpiredWhileTheServerWasDown_neverSignsAgain() {
        String second = rotate("{\"expire_after\":120}");
        server.stop();
        server.passTime(Duration.ofSeconds(121));

        server.startAgain();

        assertThat(ReferenceCheck.isSignedBy(first, assertSignedBy(second))).isFalse();
    }

    @Test
    void s10_expiredSecret_staysExpiredAfterARestart() {
        String second = rotate("{\"expire_after\":60}");
        assertSignedBy(second, first);
        server.passTime(Duration.ofSeconds(61));
        assertSignedBy(second);

        restart();

        assertSignedBy(second);
        assertThat(server.get(path + "/secret")
                        .get("previous_secret_expires_at")
                        .isNull())
                .isTrue();
    }

    @Test
    void f13_rotationWhileAnAttemptIsInFlight_signsTheNextOneWithBoth() {
        CompletableFuture<Reply> held = new CompletableFuture<>();
        receiver.hold(held);
        String eventId = server.trigger("order.created", "{}");
        Received before = receiver.awaitReceived(1).get(0);
        String second = rotate("{\"expire_after\":3600}");
        receiver.answer(request -> Reply.of(200));

        held.complete(Reply.of(500));

        await().until(() -> server.deliveryOf(eventId).get("attempt_count").asInt() == 1);
        server.passTime(Duration.ofSeconds(70));
        Received retry = receiver.awaitReceived(2).get(1);
        assertThat(signatures(before)).hasSize(1);
        assertThat(ReferenceCheck.isSignedBy(first, before)).isTrue();
        assertThat(retry.eventId()).isEqualTo(eventId);
        assertSignedBy(retry, second, first);
    }

    @Test
    void s10_retryAfterTheOverlap_isSignedByTheNewSecretAlone() {
        receiver.answer(request -> Reply.of(500));
        String second = rotate("{\"expire_after\":30}");
        String eventId = server.trigger("order.created", "{}");
        await().until(() -> server.deliveryOf(eventId).get("attempt_count").asInt() == 1);
        receiver.answer(request -> Reply.of(200));

        server.passTime(Duration.ofSeconds(70));

        List<Received> requests = receiver.awaitReceived(2);
        assertSignedBy(requests.get(0), second, first);
        assertSignedBy(requests.get(1), second);
    }

    @Test
    void secretReplacedByAPatch_hasNoOverlap() {
        rotate("{\"expire_after\":3600}");
        String replaced = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

        server.patch(path, "{\"secret\":\"" + replaced + "\"}");

        assertSignedBy(replaced);
    }

    private String rotate(String body) {
        return server.post(path + "/secret/rotate", body).get("secret").asText();
    }

    private void restart() {
        server.stop();
        server.startAgain();
    }

    /** What the next event is sent as. */
    private Received next() {
        int before = receiver.received().size();
        String eventId = server.trigger("order.created", "{\"text\":\"ä€😀\"}");
        Received request = receiver.awaitReceived(before + 1).get(before);
        assertThat(request.eventId()).isEqualTo(eventId);
        return request;
    }

    private Received assertSignedBy(String... newestFirst) {
        return assertSignedBy(next(), newestFirst);
    }

    private static Received assertSignedBy(Received request, String... newestFirst) {
        List<String> signatures = signatures(request);
        assertThat(signatures).hasSize(newestFirst.length);
        for (int index = 0; index < newestFirst.length; index++) {
            // Each signature by itself, so that the order is known to be the newest first.
            assertThat(ReferenceCheck.isSignedBy(
                            newestFirst[index],
                            request.body(),
                            request.eventId(),
                            request.header("webhook-timestamp"),
                            signatures.get(index)))
                    .as("signature " + index)
                    .isTrue();
            assertThat(ReferenceCheck.isSignedBy(newestFirst[index], request)).isTrue();
        }
        assertThat(request.header("X-Webhook-Signature"))
                .isEqualTo(ReferenceCheck.bodySignature(newestFirst[0], request.body()));
        return request;
    }

    private static List<String> signatures(Received request) {
        return List.of(request.header("webhook-signature").split(" "));
    }
}
