package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class DeadlinesTest {
    private final TimeSource time = new TimeSource(Clock.systemUTC(), System::nanoTime);

    @Test
    void deadlines_comeInTheirOrder_andNotBeforeTheirTime(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(ignored -> {
            Deadlines deadlines = new Deadlines(vertx, time);
            List<Integer> came = new ArrayList<>();
            long begun = time.monotonicMillis();
            for (int millis : new int[] {300, 120, 210}) {
                deadlines.in(
                        Duration.ofMillis(millis),
                        () -> test.verify(() -> {
                            came.add(millis);
                            assertThat(time.monotonicMillis() - begun).isGreaterThanOrEqualTo(millis);
                            if (came.size() == 3) {
                                assertThat(came).containsExactly(120, 210, 300);
                                test.completeNow();
                            }
                        }));
            }
        });
    }

    @Test
    void aDeadlineThatIsCalledOff_neverComes(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(ignored -> {
            Deadlines deadlines = new Deadlines(vertx, time);
            Deadlines.Deadline off = deadlines.in(
                    Duration.ofMillis(100), () -> test.failNow("a deadline came that had been called off"));
            deadlines.in(Duration.ofMillis(400), test::completeNow);
            off.cancel();
            off.cancel();
        });
    }

    @Test
    void aDeadlineMayAskForAnother_andCallOthersOff(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(ignored -> {
            Deadlines deadlines = new Deadlines(vertx, time);
            Deadlines.Deadline other = deadlines.in(
                    Duration.ofMillis(500), () -> test.failNow("a deadline came that had been called off"));
            deadlines.in(Duration.ofMillis(100), () -> {
                other.cancel();
                deadlines.in(Duration.ofMillis(600), test::completeNow);
            });
        });
    }
}
