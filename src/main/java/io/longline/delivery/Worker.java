package io.longline.delivery;

import io.longline.bus.Addresses;
import io.longline.bus.EventDraft;
import io.longline.bus.EventPayload;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.ShardCommit;
import io.longline.bus.SharedPayload;
import io.longline.bus.SystemErrors.Where;
import io.longline.format.Formats;
import io.longline.format.UnrenderableException;
import io.longline.model.Attempt;
import io.longline.model.BuiltInEventType;
import io.longline.model.CircuitStatus;
import io.longline.model.Outcome;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.StoreUnavailableException;
import io.longline.telemetry.OutcomeClass;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does for a shard what touches the world: reads and writes the store, sends requests, raises alerts. */
final class Worker implements ShardEffects {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** Test requests under way at once in a shard. */
    private static final int MOST_TESTS = 32;

    private final DeliveryParts parts;
    private final Vertx vertx;
    private final Shard shard;
    private final RequestRenderer renderer;
    private final Sender sender;
    private final PayloadReader payloads;
    private final BodyRenderer bodies;
    private long wakeTimer = -1;
    private int tests;
    private boolean closed;

    Worker(DeliveryParts parts, Vertx vertx, Context context) {
        this.parts = parts;
        this.vertx = vertx;
        this.renderer = new RequestRenderer(parts.time(), parts.version());
        this.sender = new Sender(vertx, parts.time(), parts.settings(), parts.names());
        this.payloads = new PayloadReader(parts.store(), context);
        this.bodies = new BodyRenderer(vertx, parts.time());
        this.shard = new Shard(parts.shardSettings(), parts.time(), parts.chance(), parts.memory(), this);
    }

    Shard shard() {
        return shard;
    }

    void committed(ShardCommit commit) {
        shard.committed(commit);
        commit.webhooks().stream().filter(Webhook::isDeleted).forEach(webhook -> {
            renderer.forget(webhook.id());
            bodies.forget(webhook.id());
        });
    }

    @Override
    public void send(Flight flight) {
        SharedPayload held = flight.payload();
        if (held != null) {
            send(flight, held.payload());
            return;
        }
        payloads.read(flight.delivery().eventId())
                .onSuccess(found -> send(flight, found.orElse(null)))
                .onFailure(fault -> {
                    LOG.debug("delivery {} waits: {}", flight.delivery().id(), fault.getMessage());
                    shard.notSent(flight);
                });
    }

    private void send(Flight flight, @Nullable Payload payload) {
        if (payload == null) {
            vertx.runOnContext(ignored -> unsent(flight, new Outcome.Malformed("The event is no longer in the store")));
        } else if (BodyRenderer.sendsPayload(flight.webhook())) {
            send(flight, renderer.render(flight, payload, Formats.JSON));
        } else {
            bodies.render(flight.webhook(), payload)
                    .onSuccess(body -> send(flight, renderer.render(flight, body.payload(), body.contentType())))
                    .onFailure(fault -> unsent(flight, unrenderable(fault)));
        }
    }

    /** Who wrote a template is told what is wrong with it, and nobody is told of Longline's own faults but the log. */
    private static Outcome unrenderable(Throwable fault) {
        if (fault instanceof UnrenderableException told) {
            return new Outcome.Unrenderable(String.valueOf(told.getMessage()));
        }
        LOG.error("a body could not be made; the attempt counts as failed", fault);
        return new Outcome.Unrenderable("The body could not be made");
    }

    /** An attempt that ended before anything was sent. */
    private void unsent(Flight flight, Outcome outcome) {
        if (!closed) {
            answered(flight, Map.of(), "", unanswered(outcome));
        }
    }

    /** An attempt that ended with its request made. */
    private void shadowed(Flight flight, OutgoingRequest request) {
        if (!closed) {
            answered(flight, request.headers(), request.body().sha256(), unanswered(new Outcome.Shadowed()));
        }
    }

    private Answer unanswered(Outcome outcome) {
        return new Answer(outcome, null, null, null, parts.time().now(), 0);
    }

    private void send(Flight flight, OutgoingRequest request) {
        if (flight.webhook().shadow()) {
            vertx.runOnContext(ignored -> shadowed(flight, request));
            return;
        }
        sender.send(request, () -> shard.lookedUp(flight))
                .onSuccess(answer -> {
                    // What a stop cuts off is no failure of the receiver's: it is sent again after the next start.
                    if (!closed) {
                        answered(flight, request.headers(), request.body().sha256(), answer);
                    }
                })
                .onFailure(notBegun -> {
                    LOG.debug("delivery {} waits: {}", flight.delivery().id(), notBegun.getMessage());
                    shard.notSent(flight);
                });
    }

    @Override
    public boolean mustLookUp(Webhook webhook) {
        return !webhook.shadow() && sender.mustLookUp(webhook.url());
    }

    private void answered(Flight flight, Map<String, String> headers, String sha256, Answer answer) {
        Webhook webhook = flight.webhook();
        Map<String, String> received = answer.headers();
        Outcome outcome = answer.outcome();
        boolean succeeded = outcome instanceof Outcome.Answered answered
                ? answered.isSuccess()
                : outcome instanceof Outcome.Shadowed;
        Attempt attempt = new Attempt(
                parts.ids().attempt(),
                flight.delivery().id(),
                webhook.id(),
                flight.delivery().eventId(),
                flight.attemptNumber(),
                succeeded,
                answer.status(),
                answer.body(),
                outcome.message(),
                answer.startedAt(),
                answer.durationMillis(),
                RequestRenderer.json(headers, webhook.headers().keySet(), parts.sealing()),
                received == null ? null : RequestRenderer.json(received, received.keySet(), false),
                sha256);
        if (!succeeded) {
            LOG.debug(
                    "attempt {} of delivery {} to webhook {} failed: {}",
                    attempt.number(),
                    attempt.deliveryId(),
                    attempt.webhookId(),
                    outcome.message());
        }
        parts.metrics().attempted(outcome, answer.durationMillis());
        shard.answered(flight, outcome, attempt);
    }

    /** Sends a test and answers both sides of it; not more than a few at a time, which take none of the lanes' slots. */
    Future<Reply> sendTest(Request.SendTest test) {
        if (tests >= MOST_TESTS) {
            return Future.succeededFuture(new Reply.Overloaded());
        }
        tests++;
        Instant now = parts.time().now();
        String eventId = parts.ids().event().value();
        Payload payload = EventPayload.of(eventId, test.eventType(), now, test.data(), EventDraft.LONGLINE_METADATA);
        return bodies.render(test, payload)
                .compose(body -> sendTest(renderer.renderTest(test, eventId, body.payload(), body.contentType())))
                .recover(fault -> Future.succeededFuture(untested(test, unrenderable(fault))))
                .onComplete(done -> tests--);
    }

    private static Reply untested(Request.SendTest test, Outcome outcome) {
        return new Reply.TestSent(false, null, 0, Map.of(), null, outcome.message(), test.url(), Map.of(), "");
    }

    private Future<Reply> sendTest(OutgoingRequest request) {
        Instant now = parts.time().now();
        return sender.send(request)
                .recover(notBegun -> Future.succeededFuture(new Answer(
                        new Outcome.TimedOut("The host name was not looked up in time"), null, null, null, now, 0)))
                .map(answer -> new Reply.TestSent(
                        answer.outcome() instanceof Outcome.Answered answered && answered.isSuccess(),
                        answer.status(),
                        answer.durationMillis(),
                        answer.headers() == null ? Map.of() : answer.headers(),
                        answer.body(),
                        answer.outcome().message(),
                        request.url(),
                        request.headers(),
                        request.body().text()));
    }

    @Override
    public void readFirstAttempts(WebhookId webhookId, int limit) {
        parts.store()
                .firstAttempts(webhookId, limit)
                .onSuccess(rows -> shard.refilled(webhookId, rows))
                .onFailure(fault -> refillFailed(webhookId, fault));
    }

    @Override
    public void readRetries(WebhookId webhookId, int limit) {
        parts.store()
                .retries(webhookId, limit)
                .onSuccess(rows -> shard.refilled(webhookId, rows))
                .onFailure(fault -> refillFailed(webhookId, fault));
    }

    private void refillFailed(WebhookId webhookId, Throwable fault) {
        LOG.warn("deliveries of webhook {} cannot be read and wait a second: {}", webhookId, fault.getMessage());
        shard.refillFailed(webhookId);
    }

    /** Looks at what waits in the store for some lanes. */
    Future<Void> sweep(List<WebhookId> webhookIds) {
        shard.sweep(webhookIds);
        return parts.store()
                .backlogs(webhookIds)
                .onSuccess(found -> shard.swept(webhookIds, found))
                .mapEmpty();
    }

    @Override
    public void record(Flight flight, Outcome outcome, Operation.RecordAttempt result) {
        Webhook webhook = flight.webhook();
        parts.store()
                .write(result)
                .onSuccess(disabled -> {
                    count(flight, OutcomeClass.of(outcome), result);
                    if (disabled && result.disable() != null) {
                        String reason = result.disable().reason();
                        LOG.warn("webhook {} is disabled: {}", webhook.id(), reason);
                        alert(webhook, flight.delivery().eventType(), "webhook_disabled", reason);
                    }
                })
                .onFailure(fault -> {
                    LOG.error(
                            "the result of delivery {} was refused; it will be sent again: {}",
                            flight.delivery().id(),
                            fault.getMessage());
                    raise(
                            fault,
                            "the result of an attempt was refused",
                            flight.delivery().eventType());
                    shard.recordRefused(webhook.id(), flight.delivery().id());
                });
    }

    private void count(Flight flight, OutcomeClass outcome, Operation.RecordAttempt result) {
        switch (result.next().status()) {
            case SUCCEEDED -> {
                if (outcome != OutcomeClass.SHADOW) {
                    parts.metrics()
                            .delivered(result.nowMillis() - flight.delivery().openedAtMillis());
                }
            }
            case FAILED -> parts.metrics().failed(outcome, 1);
            default -> parts.metrics().retried(outcome);
        }
    }

    @Override
    public void expire(Operation.ExpireDeliveries expired) {
        LOG.info(
                "{} deliveries of webhook {} waited too long and fail",
                expired.ids().size(),
                expired.webhookId());
        parts.store()
                .write(expired)
                .onSuccess(done -> parts.metrics()
                        .failed(OutcomeClass.EXPIRED, expired.ids().size()))
                .onFailure(fault -> {
                    LOG.error(
                            "deliveries of webhook {} could not be failed: {}",
                            expired.webhookId(),
                            fault.getMessage());
                    expired.ids().forEach(id -> shard.recordRefused(expired.webhookId(), id));
                });
    }

    @Override
    public void circuitMoved(CircuitMove move) {
        Webhook webhook = move.webhook();
        parts.store()
                .write(new Operation.RecordCircuit(webhook.id(), move.to(), move.retryAt(), move.failingSince()))
                .onFailure(fault -> {
                    LOG.error("a circuit could not be stored: {}", fault.getMessage());
                    raise(fault, "the state of a circuit was refused", move.eventType());
                });
        if (move.from() == CircuitStatus.CLOSED) {
            LOG.warn("the circuit of webhook {} opened; the next probe is at {}", webhook.id(), move.retryAt());
            alert(webhook, move.eventType(), "circuit_opened", "too many attempts failed");
        } else if (move.to() == CircuitStatus.CLOSED) {
            LOG.info("the circuit of webhook {} closed", webhook.id());
            String reason = move.eventType() == null ? "the webhook was changed" : "the receiver answers again";
            alert(webhook, move.eventType(), "circuit_closed", reason);
        }
    }

    @Override
    public void failingForLong(Flight flight) {
        Webhook webhook = flight.webhook();
        LOG.warn("webhook {} has failed for half of the time after which it is disabled", webhook.id());
        alert(
                webhook,
                flight.delivery().eventType(),
                "webhook_failing",
                "half of the failing time that disables it has passed");
    }

    /** The store did not take something done by hand. */
    void refusedByHand(Throwable fault) {
        raise(fault, "a retry or a cancelling by hand was refused", null);
    }

    /** A store that is closing or full is no error of the system's. */
    private void raise(Throwable fault, String what, @Nullable String eventType) {
        if (!(fault instanceof StoreUnavailableException)) {
            parts.errors().raise(Where.STORE, what, eventType);
        }
    }

    /** Deliveries of Longline's own events never raise further ones. */
    private void alert(Webhook webhook, @Nullable String eventType, String alert, String reason) {
        if (eventType != null && BuiltInEventType.isRaisedByLongline(eventType)) {
            return;
        }
        JsonObject data = new JsonObject()
                .put("alert", alert)
                .put("reason", reason)
                .put("webhook_id", webhook.id().value())
                .put("tenant", webhook.tenant());
        EventDraft draft = new EventDraft(
                webhook.tenant(),
                BuiltInEventType.ALERT_TRIGGERED.typeName(),
                data.encode().getBytes(StandardCharsets.UTF_8),
                EventDraft.LONGLINE_METADATA,
                null);
        vertx.eventBus().send(Addresses.EVENTS, new Request.Publish(List.of(draft), null));
    }

    @Override
    public void wakeIn(long millis) {
        if (wakeTimer >= 0) {
            vertx.cancelTimer(wakeTimer);
        }
        wakeTimer = vertx.setTimer(millis, id -> {
            wakeTimer = -1;
            shard.wake();
        });
    }

    Future<Void> close() {
        closed = true;
        return sender.close().eventually(bodies::close);
    }
}
