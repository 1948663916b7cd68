package io.longline.journey;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Watches which threads do what may block: looks at all stacks again and again, and hears of every statement that the
 * SQLite driver prepares, however short it is.
 */
final class ThreadWatch implements AutoCloseable {
    /** The calls that ask the system for a name; one for a literal address, which asks nobody, passes none of them. */
    private static final Set<String> LOOK_UPS =
            Set.of("getAllByName0", "getAddressesFromNameService", "lookupAllHostAddr", "lookupByName");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Set<String> eventLoops = ConcurrentHashMap.newKeySet();
    private final Set<String> inSqlite = ConcurrentHashMap.newKeySet();
    private final Set<String> inLookUps = ConcurrentHashMap.newKeySet();
    private final Set<String> preparing = ConcurrentHashMap.newKeySet();
    private final Logger statements = (Logger) LoggerFactory.getLogger("org.sqlite.core.NativeDB");
    private final AppenderBase<ILoggingEvent> hearing = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            preparing.add(event.getThreadName());
        }
    };

    ThreadWatch() {
        hearing.setContext(statements.getLoggerContext());
        hearing.start();
        statements.setAdditive(false);
        statements.setLevel(Level.TRACE);
        statements.addAppender(hearing);
        timer.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            String name = each.getKey().getName();
            if (isEventLoop(name)) {
                eventLoops.add(name);
            }
            if (Arrays.stream(each.getValue())
                    .anyMatch(frame -> frame.getClassName().startsWith("org.sqlite.core."))) {
                inSqlite.add(name);
            }
            if (Arrays.stream(each.getValue()).anyMatch(ThreadWatch::isLookUp)) {
                inLookUps.add(name);
            }
        }
    }

    private static boolean isLookUp(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.net.Inet") && LOOK_UPS.contains(frame.getMethodName());
    }

    static boolean isEventLoop(String threadName) {
        return threadName.startsWith("vert.x-eventloop");
    }

    /** The event loops that were seen at all. */
    Set<String> eventLoops() {
        return eventLoops;
    }

    /** The threads that were seen at work in SQLite. */
    Set<String> inSqlite() {
        return inSqlite;
    }

    /** The threads that were seen looking a name up. */
    Set<String> inLookUps() {
        return inLookUps;
    }

    /** The threads that prepared a statement. */
    Set<String> preparing() {
        return preparing;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        statements.detachAppender(hearing);
        statements.setLevel(null);
        statements.setAdditive(true);
    }
}
