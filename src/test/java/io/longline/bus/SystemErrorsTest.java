package io.longline.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.SystemErrors.Where;
import io.longline.model.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SystemErrorsTest {
    private final AtomicLong seconds = new AtomicLong(-1_000_000);
    private final List<JsonObject> raised = new ArrayList<>();
    private SystemErrors errors;

    @BeforeEach
    void listen(Vertx vertx) {
        LocalCodec.register(vertx);
        errors = new SystemErrors(
                vertx.eventBus(), new TimeSource(Clock.systemUTC(), () -> seconds.get() * 1_000_000_000L), "1.0");
        vertx.eventBus().<Request.Publish>localConsumer(Addresses.EVENTS, message -> {
            for (EventDraft draft : message.body().drafts()) {
                assertThat(draft.type()).isEqualTo("system.error");
                raised.add(new JsonObject(new String(draft.data(), java.nio.charset.StandardCharsets.UTF_8)));
            }
        });
    }

    /** Raises on one event loop, and judges there once everything has arrived. */
    private void then(Vertx vertx, VertxTestContext test, Runnable raising, String... expected) {
        vertx.runOnContext(ignored -> {
            raising.run();
            vertx.setTimer(
                    50,
                    id -> test.verify(() -> {
                        assertThat(raised.stream().map(data -> data.getString("where") + ": " + data.getString("what")))
                                .containsExactly(expected);
                        test.completeNow();
                    }));
        });
    }

    @Test
    void error_isRaisedOnceAMinuteForEachPlace(Vertx vertx, VertxTestContext test) {
        Runnable raising = () -> {
            errors.raise(Where.API, "first");
            errors.raise(Where.API, "at once");
            seconds.addAndGet(59);
            errors.raise(Where.API, "too soon");
            errors.raise(Where.STORE, "elsewhere");
            seconds.addAndGet(1);
            errors.raise(Where.API, "a minute later");
        };

        then(vertx, test, raising, "api: first", "store: elsewhere", "api: a minute later");
    }

    @Test
    void failureOfAnEventOfLongline_raisesNothing(Vertx vertx, VertxTestContext test) {
        Runnable raising = () -> {
            errors.raise(Where.STORE, "own", "system.error");
            errors.raise(Where.STORE, "own", "alert.triggered");
            errors.raise(Where.STORE, "somebody's", "order.created");
        };

        then(vertx, test, raising, "store: somebody's");
    }
}
