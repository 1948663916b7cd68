package io.longline.dispatch;

import io.longline.bus.EventDraft;
import io.longline.model.BuiltInEventType;
import io.longline.model.EventType;
import io.longline.store.Commit;
import io.longline.store.Store;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which event types hold their events against a schema, and since which version. Follows the commits, before anybody is told
 * of them, so that the very next event is judged by what was answered. For any thread.
 */
public final class EventTypeRules {
    private final Store store;
    private final Map<TypeKey, Long> versions = new ConcurrentHashMap<>();

    public EventTypeRules(Store store) {
        this.store = store;
    }

    /** An event type of a tenant's. */
    record TypeKey(String tenant, String name) {
        static TypeKey of(EventDraft draft) {
            return new TypeKey(draft.tenant(), draft.type());
        }
    }

    /** Reads what is stored; to be called before anything is written. */
    public Future<Void> read() {
        return store.eventTypes().judging().map(judging -> {
            judging.forEach(each -> put(new TypeKey(each.tenant(), each.name()), each.version()));
            return null;
        });
    }

    /** Takes over what a commit has changed; commits come in their order. */
    public void committed(Commit commit) {
        for (EventType type : commit.eventTypes()) {
            TypeKey key = new TypeKey(type.tenant(), type.name());
            if (type.judges()) {
                put(key, type.version());
            } else {
                versions.remove(key);
            }
        }
    }

    /** What Longline raises itself is never refused. */
    private void put(TypeKey key, long version) {
        if (!BuiltInEventType.isRaisedByLongline(key.name())) {
            versions.put(key, version);
        }
    }

    /** Whether any of them is to be judged; next to nothing where nothing is. */
    boolean concern(List<EventDraft> drafts) {
        if (versions.isEmpty()) {
            return false;
        }
        for (EventDraft draft : drafts) {
            if (version(draft) != null) {
                return true;
            }
        }
        return false;
    }

    /** The version of the type by which a draft is to be judged; {@code null} when it is not. */
    @Nullable Long version(EventDraft draft) {
        return versions.isEmpty() ? null : versions.get(TypeKey.of(draft));
    }
}
