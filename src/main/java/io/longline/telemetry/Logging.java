package io.longline.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.status.NopStatusListener;
import io.longline.config.Settings;
import org.slf4j.LoggerFactory;

/** Sets logging up: one line a fact, to standard error, as text or as JSON. */
public final class Logging {
    /** Line breaks in what is logged become spaces, so that nobody's input forges a line. */
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%logger{0}] %replace(%msg){'[\\r\\n]+', ' '}%n%ex";

    private Logging() {}

    /** For commands that print what they have to say: only warnings are logged. */
    public static void quiet() {
        configure(new Settings.Log("text", "warn"));
    }

    /** Applies the settings to this process; earlier ones are replaced. */
    public static void configure(Settings.Log settings) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (context.getStatusManager().getCopyOfStatusListenerList().isEmpty()) {
            context.getStatusManager().add(new NopStatusListener());
        }
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, settings.format()));
        appender.start();
        // A reset of the context would let everything through until the levels are set: others log meanwhile.
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        context.getLogger("io.longline").setLevel(Level.toLevel(settings.level()));
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }

    private static EncoderBase<ILoggingEvent> encoder(LoggerContext context, String format) {
        if (format.equals("json")) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithContext(false);
            encoder.setWithArguments(false);
            encoder.setWithMessage(false);
            encoder.setWithFormattedMessage(true);
            encoder.start();
            return encoder;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }
}
