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
import java.util.function.Function;

/**
 * Has changes of webhooks committed. They go through the same writer as events, in the order they came; what each commit
 * made of webhooks reaches the subscriptions as a message that is ahead of the caller's answer, and in the order of the
 * commits. A webhook about to be deleted is matched no more from that moment. The caller is answered once the webhook's
 * shard has heard of the change as well: from then on no attempt begins with the settings of before. For the
 * dispatcher's thread.
 */
final class WebhookChanges {
    private final Store store;
    private final SubscriptionIndex index;
    private final TimeSource time;
    private final Function<WebhookId, Future<Void>> heard;

    /** @param heard completes when the webhook's shard has heard of every commit of before; never fails */
    WebhookChanges(Store store, SubscriptionIndex index, TimeSource time, Function<WebhookId, Future<Void>> heard) {
        this.heard = heard;
        this.store = store;
        this.index = index;
        this.time = time;
    }

    Future<Reply> create(Request.CreateWebhook create) {
        return once(create.webhook().id(), store.write(new Operation.CreateWebhook(create.webhook())))
                .map(Reply.Saved::new);
    }

    Future<Reply> save(Request.SaveWebhook save) {
        return once(save.webhook().id(), store.write(new Operation.SaveWebhook(save.webhook(), save.ifVersion())))
                .map(saved -> saved ? new Reply.Saved(save.webhook()) : new Reply.Stale());
    }

    Future<Reply> delete(WebhookId id) {
        Optional<Webhook> known = index.remove(id);
        return once(id, store.write(new Operation.DeleteWebhook(id, time.now())))
                .onFailure(fault -> known.ifPresent(index::put))
                .map(deleted -> deleted ? new Reply.Done() : new Reply.Unknown());
    }

    private <T> Future<T> once(WebhookId id, Future<T> written) {
        return written.compose(result -> heard.apply(id).map(result));
    }
}
