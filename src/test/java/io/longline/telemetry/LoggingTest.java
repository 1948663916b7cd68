package io.longline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final int TIMES = 300;

    /** Others log meanwhile. */
    @Test
    void configuring_letsNothingThroughThatNeitherSettingDoes() throws Exception {
        Logging.quiet();
        Logger others = LoggerFactory.getLogger("org.example.others");
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch looking = new CountDownLatch(1);
        CompletableFuture<Boolean> letThrough = CompletableFuture.supplyAsync(() -> {
            boolean seen = false;
            while (!isOver.get()) {
                seen |= others.isDebugEnabled();
                looking.countDown();
            }
            return seen;
        });
        looking.await();

        for (int time = 0; time < TIMES; time++) {
            Logging.quiet();
        }
        isOver.set(true);

        assertThat(letThrough.get()).isFalse();
    }
}
