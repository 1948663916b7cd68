package io.longline.dispatch;

import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.Operation.Target;
import io.longline.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Has changes of webhooks committed and keeps the subscriptions in step, before the caller is answered. They go through
 * the same writer as events, in the order they came. A webhook about to be deleted is matched no more from that moment;
 * one about to be made or changed is matched as it will be once that is committed. For the dispatcher's thread.
 */
final class WebhookChanges {
    private final Store store;
    private final SubscriptionIndex index;
    private final IdGenerator ids;
    private final TimeSource time;

    WebhookChanges(Store store, SubscriptionIndex index, IdGenerator ids, TimeSource time) {
        this.store = store;
        this.index = index;
        this.ids = ids;
        this.time = time;
    }

    Future<Reply> create(Request.CreateWebhook create) {
        return store.write(new Operation.CreateWebhook(create.webhook())).map(webhook -> {
            index.put(webhook);
            return new Reply.Saved(webhook);
        });
    }

    Future<Reply> save(Request.SaveWebhook save) {
        Webhook webhook = save.webhook();
        return store.write(new Operation.SaveWebhook(webhook, save.ifVersion())).map(saved -> {
            if (!saved) {
                return new Reply.Stale();
            }
            index.put(webhook);
            return new Reply.Saved(webhook);
        });
    }

    Future<Reply> delete(WebhookId id) {
        Optional<Webhook> known = index.remove(id);
        return store.write(new Operation.DeleteWebhook(id, time.now()))
                .onFailure(fault -> known.ifPresent(index::put))
                .map(deleted -> deleted ? new Reply.Done() : new Reply.Unknown());
    }

    Future<Reply> replay(Request.ReplayEvent replay) {
        WebhookId only = replay.only();
        Collection<WebhookId> receivers = only == null ? index.match(replay.tenant(), replay.type()) : List.of(only);
        if (only != null
                && index.get(only)
                        .filter(w -> w.tenant().equals(replay.tenant()))
                        .isEmpty()) {
            return Future.succeededFuture(new Reply.Unknown());
        }
        List<Target> targets = new ArrayList<>(receivers.size());
        receivers.forEach(id -> targets.add(new Target(ids.delivery(), id)));
        return store.write(new Operation.ReplayEvent(replay.eventId(), replay.tenant(), targets, time.wallMillis()))
                .map(Reply.Replaying::new);
    }
}
