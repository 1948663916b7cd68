package io.longline.model;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A background job that delivers again what a filter selects.
 *
 * @param tenant whose; {@code null} for all of them
 * @param upperEvent where it ends: an identifier above all of its events, so that later ones are not among them
 * @param place how far it has come
 * @param matched what it is to do, as counted at its beginning
 * @param exact whether that is all, and not only as far as was counted
 * @param done deliveries that it has made or opened again
 * @param finishedAt when it was through, or cancelled
 */
public record Replay(
        ReplayId id,
        @Nullable String tenant,
        Filter filter,
        String upperEvent,
        State state,
        Place place,
        long matched,
        boolean exact,
        long done,
        Instant createdAt,
        @Nullable Instant finishedAt) {
    /**
     * What is delivered again; {@code null} does not restrict.
     *
     * @param status final deliveries of this status alone
     * @param since when events were accepted at the earliest
     * @param until before which they were accepted
     * @param missed makes deliveries that do not exist, to those who subscribe now or to the webhook given
     */
    public record Filter(
            @Nullable WebhookId webhookId,
            @Nullable DeliveryStatus status,
            @Nullable String eventType,
            Instant since,
            Instant until,
            boolean missed) {
        /** Whether an event is one of those it is about. */
        public boolean isAbout(String type) {
            return eventType == null || eventType.equals(type);
        }

        /** Whether a delivery of that status is opened again. */
        public boolean opens(DeliveryStatus actual) {
            return actual.isFinal() && (status == null || status == actual);
        }
    }

    /** The last event and webhook that were looked at, in the order in which a replay goes. */
    public record Place(String event, String webhook) {
        /** Stands after every webhook of an event. */
        public static final String END = "~";
    }

    /** Whether it goes on. */
    public enum State {
        RUNNING,
        DONE,
        CANCELLED;

        /** As it is stored and shown. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same with what was counted. */
    public Replay counted(long number, boolean all) {
        return new Replay(id, tenant, filter, upperEvent, state, place, number, all, done, createdAt, finishedAt);
    }

    /** The same a step further. */
    public Replay at(Place next) {
        return new Replay(id, tenant, filter, upperEvent, state, next, matched, exact, done, createdAt, finishedAt);
    }
}
