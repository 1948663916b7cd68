package io.longline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class UnhandledTest {
    @Test
    void exceptionOnAContext_failsWhoeverAsks(Vertx vertx, VertxTestContext test) {
        Unhandled unhandled = Unhandled.on(vertx);
        IllegalStateException thrown = new IllegalStateException("forgotten");

        vertx.setTimer(1, id -> {
            vertx.runOnContext(later -> test.verify(() -> {
                assertThatThrownBy(unhandled::failIfAny)
                        .isInstanceOf(AssertionError.class)
                        .hasSuppressedException(thrown);
                assertThat(unhandled.none().failed()).isTrue();
                test.completeNow();
            }));
            throw thrown;
        });
    }

    @Test
    void nothing_failsNobody(Vertx vertx, VertxTestContext test) {
        Unhandled unhandled = Unhandled.on(vertx);

        vertx.<String>executeBlocking(() -> {
                    throw new IllegalStateException("handled");
                })
                .recover(fault -> unhandled.none().map("none"))
                .onComplete(test.succeedingThenComplete());
    }
}
