package io.longline.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The event types that every installation has, by category. Any other name is a custom type. */
public enum BuiltInEventType {
    SYSTEM_STARTUP("system.startup", Category.SYSTEM, "Longline, or a system that reports to it, is ready."),
    SYSTEM_SHUTDOWN("system.shutdown", Category.SYSTEM, "Longline, or a system that reports to it, is about to stop."),
    SYSTEM_ERROR("system.error", Category.SYSTEM, "Something failed inside a system."),
    DATA_CREATED("data.created", Category.DATA, "A record was created."),
    DATA_UPDATED("data.updated", Category.DATA, "A record was changed."),
    DATA_DELETED("data.deleted", Category.DATA, "A record was deleted."),
    PROCESS_STARTED("process.started", Category.PROCESS, "A process began."),
    PROCESS_COMPLETED("process.completed", Category.PROCESS, "A process ended well."),
    PROCESS_FAILED("process.failed", Category.PROCESS, "A process ended with an error."),
    HEALTH_CHECK("health.check", Category.MONITORING, "A health check reported."),
    ALERT_TRIGGERED("alert.triggered", Category.MONITORING, "Something needs attention, such as a webhook's circuit."),
    METRIC_THRESHOLD("metric.threshold", Category.MONITORING, "A measured value passed its mark.");

    /** What a built-in type is about. */
    public enum Category {
        SYSTEM,
        DATA,
        PROCESS,
        MONITORING;

        /** The word used in the API. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String typeName;
    private final Category category;
    private final String description;

    BuiltInEventType(String typeName, Category category, String description) {
        this.typeName = typeName;
        this.category = category;
        this.description = description;
    }

    /** The event name, such as {@code data.created}. */
    public String typeName() {
        return typeName;
    }

    /** What it is about. */
    public Category category() {
        return category;
    }

    /** One sentence for the catalogue. */
    public String description() {
        return description;
    }

    /** All of them, in their order. */
    public static List<BuiltInEventType> all() {
        return List.of(values());
    }

    /** The built-in type of that name, if there is one. */
    public static Optional<BuiltInEventType> named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.typeName.equals(name))
                .findFirst();
    }

    /** Whether Longline itself raises events of that name: deliveries of these never raise further ones. */
    public static boolean isRaisedByLongline(String name) {
        return name.equals(SYSTEM_STARTUP.typeName)
                || name.equals(SYSTEM_SHUTDOWN.typeName)
                || name.equals(SYSTEM_ERROR.typeName)
                || name.equals(ALERT_TRIGGERED.typeName)
                || name.equals(METRIC_THRESHOLD.typeName);
    }
}
