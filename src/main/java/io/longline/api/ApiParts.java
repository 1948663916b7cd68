package io.longline.api;

import io.longline.bus.Addresses;
import io.longline.bus.LocalMessage;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.SystemErrors;
import io.longline.config.Settings;
import io.longline.model.AuditEntry;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.longline.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * What the API is made of.
 *
 * @param random hard to guess: secrets come from it
 * @param startedAt when the server began, in monotonic milliseconds
 */
public record ApiParts(
        Vertx vertx,
        Store store,
        Settings settings,
        Admission admission,
        ServerState state,
        Gatekeeper gatekeeper,
        Sources sources,
        ConnectionLimits connections,
        TimeSource time,
        IdGenerator ids,
        RandomGenerator random,
        SystemErrors errors,
        Metrics metrics,
        LiveVerticle live,
        Inbox inbox,
        String version,
        long startedAt) {
    private static final DeliveryOptions REPLY_WITHIN = new DeliveryOptions().setSendTimeout(60_000);
    /** A test may take as long as the longest timeout, and its answer some time more. */
    private static final DeliveryOptions TEST_WITHIN = new DeliveryOptions().setSendTimeout(330_000);

    Instant now() {
        return time.now();
    }

    Views views() {
        return new Views(settings.delivery().maxInFlightPerWebhook());
    }

    /** Notes what a caller is about to do. It is not done unless it was noted; it may come to nothing all the same. */
    Future<Void> audit(Call call, String action, String subject, String tenant, String detail) {
        return store.write(new Operation.RecordAudit(new AuditEntry(
                ids.next(AuditEntry.PREFIX),
                now(),
                call.caller().actor(),
                call.remoteAddress(),
                action,
                subject,
                tenant,
                detail)));
    }

    /** Asks the dispatcher; what it cannot do at present is a problem. */
    Future<Reply> ask(Request.ToDispatcher request) {
        return ask(Addresses.EVENTS, request, REPLY_WITHIN);
    }

    /** Asks the shard of a webhook. */
    Future<Reply> ask(WebhookId webhookId, Request.ToShard request) {
        int shard = Addresses.shardOf(webhookId, settings.delivery().shards());
        return ask(Addresses.deliveries(shard), request, REPLY_WITHIN);
    }

    /** Has a test sent, by any shard. */
    Future<Reply> sendTest(Request.SendTest test) {
        int shard = Math.floorMod(test.url().hashCode(), settings.delivery().shards());
        return ask(Addresses.deliveries(shard), test, TEST_WITHIN);
    }

    private Future<Reply> ask(String address, Request request, DeliveryOptions options) {
        return vertx.eventBus()
                .<LocalMessage>request(address, request, options)
                .recover(fault -> Future.failedFuture(ServerFault.of(fault)))
                .map(message -> {
                    if (message.body() instanceof Reply.Unavailable unavailable) {
                        throw Problem.unavailable("The store does not take it now: " + unavailable.why());
                    }
                    return (Reply) message.body();
                });
    }
}
