package io.longline.dispatch;

import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Has changes of webhooks committed. They go through the same writer as events, in the order they came; what each commit
 * made of webhooks reaches the subscriptions as a message that is ahead of the caller's answer, and in the order of the
 * commits. A webhook about to be deleted is matched no more from that moment. For the dispatcher's thread.
 */
final class WebhookChanges {
    private final Store store;
    private final SubscriptionIndex index;
    private final TimeSource time;

    WebhookChanges(Store store, SubscriptionIndex index, TimeSource time) {
        this.store = store;
        this.index = index;
        this.time = time;
    }

    Future<Reply> create(Request.CreateWebhook create) {
        return store.write(new Operation.CreateWebhook(create.webhook())).map(Reply.Saved::new);
    }

    Future<Reply> save(Request.SaveWebhook save) {
        return store.write(new Operation.SaveWebhook(save.webhook(), save.ifVersion()))
                .map(saved -> saved ? new Reply.Saved(save.webhook()) : new Reply.Stale());
    }

    Future<Reply> delete(WebhookId id) {
        Optional<Webhook> known = index.remove(id);
        return store.write(new Operation.DeleteWebhook(id, time.now()))
                .onFailure(fault -> known.ifPresent(index::put))
                .map(deleted -> deleted ? new Reply.Done() : new Reply.Unknown());
    }
}
