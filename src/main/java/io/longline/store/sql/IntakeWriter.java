package io.longline.store.sql;

import io.longline.model.DeliveryStatus;
import io.longline.model.WebhookId;
import io.longline.store.Acceptance;
import io.longline.store.Operation.AcceptEvents;
import io.longline.store.Operation.ExpireClaims;
import io.longline.store.Operation.IdempotencyClaim;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.Target;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes events with their deliveries. For one thread. */
final class IntakeWriter {
    private static final long SEEN_AGAIN_MILLIS = 60_000;
    private static final int TYPES_REMEMBERED = 10_000;

    private static final String INSERT_EVENT = """
            INSERT INTO events (id, tenant, type, payload, occurred_at, delivery_count, filtered, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""";
    static final String INSERT_DELIVERY = """
            INSERT INTO deliveries (id, tenant, event_id, event_type, webhook_id, status, attempts, budget_used,
                                    next_attempt_at, opened_at, payload_bytes, created_at, finished_at)
            VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?)""";
    private static final String SELECT_CLAIM =
            "SELECT body_sha256, answer, expires_at FROM idempotency WHERE tenant = ? AND scope = ? AND key = ?";
    private static final String UPSERT_CLAIM = """
            INSERT INTO idempotency (tenant, scope, key, body_sha256, answer, expires_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, scope, key) DO UPDATE
            SET body_sha256 = excluded.body_sha256, answer = excluded.answer, expires_at = excluded.expires_at""";
    private static final String EXPIRE_CLAIM =
            "UPDATE idempotency SET expires_at = ? WHERE tenant = ? AND scope = ? AND key = ?";
    /** By the index on the time, since nearly all of a scope's keys have one. */
    private static final String EXPIRE_CLAIMS =
            "UPDATE idempotency SET expires_at = ? WHERE expires_at = ? AND tenant = ? AND scope = ?";

    private static final String UPSERT_TYPE = """
            INSERT INTO event_types (name, tenant, last_seen_at) VALUES (?, ?, ?)
            ON CONFLICT (name, tenant) DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at)""";

    private final Statements statements;
    private final LiveWebhooks webhooks;
    private final Map<SeenType, Long> typesSeen = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SeenType, Long> eldest) {
            return size() > TYPES_REMEMBERED;
        }
    };

    private record SeenType(String name, String tenant) {}

    IntakeWriter(Statements statements, LiveWebhooks webhooks) {
        this.statements = statements;
        this.webhooks = webhooks;
    }

    Acceptance accept(AcceptEvents accept, Effects effects) throws SQLException {
        IdempotencyClaim claim = accept.claim();
        if (claim != null) {
            Acceptance earlier = earlier(claim);
            if (earlier != null) {
                return earlier;
            }
            claim(claim);
        }
        if (!accept.claims().isEmpty()) {
            return acceptEach(accept, effects);
        }
        for (NewEvent event : accept.events()) {
            insert(event, effects);
        }
        return new Acceptance.Stored();
    }

    private Acceptance acceptEach(AcceptEvents accept, Effects effects) throws SQLException {
        Map<Integer, String> known = new HashMap<>();
        for (int place = 0; place < accept.events().size(); place++) {
            IdempotencyClaim claim = accept.claims().get(place);
            Acceptance earlier = earlier(claim);
            if (earlier instanceof Acceptance.KeyConflict) {
                // Undoes what was written of the call so far.
                throw new IllegalStateException("an event's own key tells it by itself, whatever the body");
            }
            if (earlier instanceof Acceptance.Replayed replayed) {
                known.put(place, replayed.answer());
            } else {
                claim(claim);
                insert(accept.events().get(place), effects);
            }
        }
        return known.isEmpty() ? new Acceptance.Stored() : new Acceptance.StoredRest(known);
    }

    private void claim(IdempotencyClaim claim) throws SQLException {
        statements.update(
                UPSERT_CLAIM,
                claim.tenant(),
                claim.scope(),
                claim.key(),
                claim.bodySha256(),
                claim.answer(),
                claim.expiresAtMillis());
    }

    Optional<Acceptance> recall(IdempotencyClaim claim) throws SQLException {
        return Optional.ofNullable(earlier(claim));
    }

    void expire(ExpireClaims expire) throws SQLException {
        List<String> keys = expire.keys();
        if (keys == null) {
            statements.update(EXPIRE_CLAIMS, expire.expiresAtMillis(), Long.MAX_VALUE, expire.tenant(), expire.scope());
            return;
        }
        for (String key : keys) {
            statements.update(EXPIRE_CLAIM, expire.expiresAtMillis(), expire.tenant(), expire.scope(), key);
        }
    }

    /** Event types are written once a minute; after a rollback it is not known which of them were. */
    void forgetEventTypes() {
        typesSeen.clear();
    }

    private @Nullable Acceptance earlier(IdempotencyClaim claim) throws SQLException {
        Acceptance[] found = new Acceptance[1];
        statements.query(
                SELECT_CLAIM,
                row -> {
                    if (row.number("expires_at") > claim.nowMillis()) {
                        found[0] = row.text("body_sha256").equals(claim.bodySha256())
                                ? new Acceptance.Replayed(row.text("answer"))
                                : new Acceptance.KeyConflict();
                    }
                },
                claim.tenant(),
                claim.scope(),
                claim.key());
        return found[0];
    }

    private void insert(NewEvent event, Effects effects) throws SQLException {
        statements.update(
                INSERT_EVENT,
                event.id().value(),
                event.tenant(),
                event.type(),
                event.payload().bytes(),
                event.occurredAt(),
                event.targets().size(),
                event.filtered().size(),
                event.acceptedAtMillis());
        effects.counted.event(event.tenant(), event.acceptedAtMillis());
        for (Target target : event.targets()) {
            insert(event, target, effects);
        }
        for (WebhookId webhookId : event.filtered()) {
            effects.counted.filtered(webhookId);
        }
        seen(event);
    }

    /** A webhook deleted since the event was matched gets a delivery that is cancelled from the start. */
    private void insert(NewEvent event, Target target, Effects effects) throws SQLException {
        boolean gone = !webhooks.contains(target.webhookId(), effects);
        if (gone) {
            webhooks.requireKnown(target.webhookId());
        }
        DeliveryStatus status = gone ? DeliveryStatus.CANCELLED : DeliveryStatus.PENDING;
        long now = event.acceptedAtMillis();
        statements.update(
                INSERT_DELIVERY,
                target.deliveryId().value(),
                event.tenant(),
                event.id().value(),
                event.type(),
                target.webhookId().value(),
                status.text(),
                gone ? null : (Object) now,
                now,
                event.payload().size(),
                now,
                gone ? (Object) now : null);
        effects.inserted(target.webhookId(), target.deliveryId());
        if (!gone) {
            effects.counted.made(target.webhookId(), now);
            effects.counted.waiting(target.webhookId(), event.tenant(), 1, 0);
            effects.made(target.webhookId(), target.deliveryId(), event);
        }
    }

    private void seen(NewEvent event) throws SQLException {
        SeenType type = new SeenType(event.type(), event.tenant());
        Long written = typesSeen.get(type);
        if (written == null || event.acceptedAtMillis() - written >= SEEN_AGAIN_MILLIS) {
            statements.update(UPSERT_TYPE, event.type(), event.tenant(), event.acceptedAtMillis());
            typesSeen.put(type, event.acceptedAtMillis());
        }
    }
}
