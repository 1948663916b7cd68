package io.longline.store;

import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.Replay;
import io.longline.model.Replay.Place;
import io.longline.model.ReplayId;
import io.longline.model.WebhookId;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the store about replays, and by them. Reads a bounded number of rows, as {@link Queries} do. */
public interface ReplayQueries {
    /** A delivery as far as a replay judges it. Those of deleted webhooks are never among them. */
    record Candidate(EventId eventId, String tenant, String type, WebhookId webhookId, DeliveryStatus status) {}

    /** An event as far as a replay judges it. */
    record Past(EventId id, String tenant, String type) {}

    /** A stretch of a walk: the rows there, and where it ends; {@code null} when nothing comes after it. */
    record Stretch(List<Candidate> candidates, @Nullable Place end) {}

    /** One replay. */
    Future<Optional<Replay>> replay(ReplayId id);

    /** Replays, newest first: of one tenant, or of all when it is {@code null}. */
    Future<Page<Replay>> replays(@Nullable String tenant, PageRequest page);

    /** Those that go on, oldest first. */
    Future<List<Replay>> running();

    /** Deliveries after a place and before an event, by event and webhook; so many rows are looked at. */
    Future<Stretch> deliveries(Place after, String upperEvent, int limit);

    /**
     * Events from one on and before another, oldest first.
     *
     * @param tenant of one tenant; of all when it is {@code null}
     */
    Future<List<Past>> events(String from, String upperEvent, @Nullable String tenant, int limit);

    /** The deliveries of events, up to a number. */
    Future<List<Candidate>> deliveriesOf(Collection<EventId> eventIds, int limit);
}
