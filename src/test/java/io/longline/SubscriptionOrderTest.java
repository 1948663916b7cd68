package io.longline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of webhooks are ordered with events (E3): what was answered holds for the very next event. */
class SubscriptionOrderTest {
    private static final int ROUNDS = 200;

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with("store.synchronous", "normal");

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    private static int deliveries(String event) {
        return api().trigger(event).json().path("deliveries").asInt();
    }

    @Test
    void e3_aWebhookAnsweredGetsTheVeryNextEventAndADeletedOneNone() {
        // Others keep the writer busy, so that a change really has to wait its turn.
        List<CompletableFuture<Answer>> others = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            others.add(api().postAsync("/api/events/trigger", "{\"event\":\"noise\",\"data\":1}"));
            String event = "round." + round;

            String id = api().register(RECEIVER.url("/order"), event).id();
            int registered = deliveries(event);
            api().delete("/api/webhooks/" + id);
            int deleted = deliveries(event);

            assertThat(registered).as("round %d, registered", round).isEqualTo(1);
            assertThat(deleted).as("round %d, deleted", round).isZero();
        }
        assertThat(others).allSatisfy(other -> assertThat(other.join().status()).isEqualTo(202));
    }

    /** A change and a deletion in one commit: the change is answered last, and must not bring the webhook back. */
    @Test
    void e3_aWebhookDeletedWhileItIsChangedGetsNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            String event = "both." + round;
            String path = "/api/webhooks/"
                    + api().register(RECEIVER.url("/both"), event).id();

            CompletableFuture<Answer> noise =
                    api().postAsync("/api/events/trigger", "{\"event\":\"noise\",\"data\":1}");
            CompletableFuture<Answer> changed = api().sendAsync(
                            "PATCH",
                            path,
                            "{\"description\":\"new\"}".getBytes(UTF_8),
                            "Content-Type",
                            "application/json");
            CompletableFuture<Answer> deleted = api().sendAsync("DELETE", path, null);
            CompletableFuture.allOf(noise, changed, deleted).join();

            assertThat(deleted.join().status()).isEqualTo(204);
            assertThat(deliveries(event)).as("round %d", round).isZero();
        }
    }

    @Test
    void e3_aChangedWebhookIsMatchedAsItIsNow() {
        String path = "/api/webhooks/"
                + api().register(RECEIVER.url("/changed"), "first").id();
        for (int round = 0; round < 50; round++) {
            String next = "next." + round;

            api().patch(path, "{\"events\":[\"" + next + "\"]}");

            assertThat(deliveries(next)).isEqualTo(1);
            assertThat(deliveries("first")).isZero();
        }
    }

    @Test
    void e3_aDisabledWebhookCollectsNothingAndAPausedOneDoes() {
        String path =
                "/api/webhooks/" + api().register(RECEIVER.url("/off"), "off").id();

        api().patch(path, "{\"active\":false}");
        int disabled = deliveries("off");
        api().patch(path, "{\"active\":true,\"paused\":true}");
        int paused = deliveries("off");

        assertThat(disabled).isZero();
        assertThat(paused).isEqualTo(1);
        assertThat(RECEIVER.received("/off")).isEmpty();
        api().patch(path, "{\"paused\":false}");
        assertThat(RECEIVER.await("/off", 1)).hasSize(1);
    }

    @Test
    void e3_takingAPatternAwayDoesNotCancelWhatWasMade() {
        String path =
                "/api/webhooks/" + api().register(RECEIVER.url("/kept"), "kept").id();
        api().patch(path, "{\"paused\":true}");
        api().trigger("kept");

        api().patch(path, "{\"events\":[\"other\"],\"paused\":false}");

        assertThat(RECEIVER.await("/kept", 1)).hasSize(1);
    }
}
