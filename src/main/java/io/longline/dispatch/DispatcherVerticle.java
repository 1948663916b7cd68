package io.longline.dispatch;

import io.longline.bus.Addresses;
import io.longline.bus.ForeignWork;
import io.longline.bus.LocalMessage;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.SystemErrors;
import io.longline.bus.SystemErrors.Where;
import io.longline.bus.WebhooksChanged;
import io.longline.config.Settings;
import io.longline.model.BuiltInEventType;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Store;
import io.longline.store.StoreUnavailableException;
import io.longline.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place of a node where events are matched and webhooks are changed, so that both have one order. Its context is
 * its lock.
 */
public final class DispatcherVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(DispatcherVerticle.class);
    private static final int REFUSED = 500;
    /** A shard that has not heard by then is about to stop, or will hear later; what was changed is durable all the same. */
    private static final long HEARD_WITHIN_MILLIS = 5_000;

    private final SubscriptionIndex index = new SubscriptionIndex();
    private final Intake intake;
    private final EventTypeRules rules;
    private final int mostPayloadBytes;
    private final WebhookChanges changes;
    private final Store store;
    private final TimeSource time;
    private final SystemErrors errors;
    private final Settings.Retention retention;
    private final List<Webhook> webhooks;
    private final int shards;
    private final Settings.Monitoring monitoring;
    private final Metrics metrics;
    private final IdGenerator ids;
    private final int replaysPerSecond;
    private @Nullable SchemaGate gate;
    private @Nullable Housekeeping housekeeping;
    private @Nullable QueueWatch queueWatch;
    private @Nullable Replays replays;

    /**
     * @param webhooks every webhook registered so far
     * @param rules of every event type registered so far, kept up to date
     */
    public DispatcherVerticle(
            Store store,
            TimeSource time,
            IdGenerator ids,
            Settings settings,
            SystemErrors errors,
            List<Webhook> webhooks,
            EventTypeRules rules,
            Metrics metrics) {
        this.store = store;
        this.time = time;
        this.errors = errors;
        this.retention = settings.retention();
        this.monitoring = settings.monitoring();
        this.metrics = metrics;
        this.webhooks = webhooks;
        this.intake = new Intake(store, index, ids, time, settings.ingest(), metrics::accepted);
        this.rules = rules;
        this.mostPayloadBytes = settings.ingest().maxPayloadBytes();
        this.changes = new WebhookChanges(store, index, time, id -> heardByShards(Set.of(id)));
        this.ids = ids;
        this.replaysPerSecond = settings.delivery().replaysPerSecond();
        this.shards = settings.delivery().shards();
    }

    @Override
    public Future<?> start() {
        // Filters are compiled off the event loop, the first of them for as long as it takes to load their language.
        boolean filtered = webhooks.stream().anyMatch(webhook -> webhook.filter() != null);
        Future<Void> indexed = filtered ? vertx.executeBlocking(this::putAll) : Future.succeededFuture(putAll());
        return indexed.compose(done -> listen());
    }

    private Void putAll() {
        webhooks.forEach(index::put);
        return null;
    }

    private Future<Void> listen() {
        gate = new SchemaGate(rules, intake, store, ForeignWork.pool(vertx), mostPayloadBytes);
        Housekeeping started = new Housekeeping(vertx, store, time, retention, errors);
        housekeeping = started;
        started.begin();
        QueueWatch watch = new QueueWatch(vertx, store, time, metrics, monitoring);
        queueWatch = watch;
        watch.begin();
        Replays going = new Replays(vertx, store, index, ids, time, replaysPerSecond);
        replays = going;
        going.begin();
        return vertx.eventBus()
                .<LocalMessage>consumer(Addresses.EVENTS, message -> handle(message, message.body()))
                .completion();
    }

    private void handle(Message<LocalMessage> message, LocalMessage body) {
        if (body instanceof Request.Publish publish && gate != null) {
            answer(message, gate.publish(publish));
        } else if (body instanceof Request.PublishEach publish && gate != null) {
            answer(message, gate.publishEach(publish));
        } else if (body instanceof WebhooksChanged changed) {
            changed.webhooks().forEach(index::put);
        } else if (body instanceof Request.CreateWebhook create) {
            answer(message, changes.create(create));
        } else if (body instanceof Request.SaveWebhook save) {
            answer(message, changes.save(save));
        } else if (body instanceof Request.DeleteWebhook delete) {
            answer(message, changes.delete(delete.id()));
            if (housekeeping != null) {
                housekeeping.cancelSoon();
            }
        } else if (body instanceof Request.HearChanges hear) {
            // What the commits changed came before this, and is in the index.
            answer(message, heardByShards(hear.ids()).<Reply>map(new Reply.Done()));
            if (housekeeping != null) {
                housekeeping.cancelSoon();
            }
        } else if (body instanceof Request.ReplayEvent replay) {
            answer(message, intake.replay(replay));
        } else if (body instanceof Request.StartReplay start && replays != null) {
            answer(message, replays.start(start));
        } else {
            throw new IllegalArgumentException("the dispatcher cannot handle " + body.getClass());
        }
    }

    private void answer(Message<LocalMessage> message, Future<Reply> reply) {
        reply.recover(fault -> fault instanceof StoreUnavailableException
                        ? Future.succeededFuture(new Reply.Unavailable(String.valueOf(fault.getMessage())))
                        : Future.failedFuture(fault))
                .onSuccess(answer -> {
                    if (message.replyAddress() != null) {
                        message.reply(answer);
                    }
                })
                .onFailure(fault -> {
                    LOG.error("a request is refused: {}", fault.getMessage());
                    if (!isOfLongline(message.body())) {
                        errors.raise(Where.DISPATCHER, "a request was refused");
                    }
                    if (message.replyAddress() != null) {
                        message.fail(REFUSED, fault.getMessage());
                    }
                });
    }

    /** Whether it is about nothing but events that Longline raised itself. */
    private static boolean isOfLongline(LocalMessage body) {
        return body instanceof Request.Publish publish
                && publish.drafts().stream().allMatch(draft -> BuiltInEventType.isRaisedByLongline(draft.type()));
    }

    private Future<Void> heardByShards(Set<WebhookId> ids) {
        List<Future<Void>> heard = ids.stream()
                .map(id -> Addresses.shardOf(id, shards))
                .distinct()
                .map(this::heardByShard)
                .toList();
        return Future.all(heard).mapEmpty();
    }

    private Future<Void> heardByShard(int shard) {
        return vertx.eventBus()
                .request(
                        Addresses.deliveries(shard),
                        new Request.HearCommits(),
                        new DeliveryOptions().setSendTimeout(HEARD_WITHIN_MILLIS))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    @Override
    public Future<?> stop() {
        if (housekeeping != null) {
            housekeeping.end();
        }
        if (queueWatch != null) {
            queueWatch.end();
        }
        if (replays != null) {
            replays.end();
        }
        return Future.succeededFuture();
    }
}
