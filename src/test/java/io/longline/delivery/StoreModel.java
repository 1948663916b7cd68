package io.longline.delivery;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.policy.DeliveryState;
import io.longline.store.Backlog;
import io.longline.store.Commit;
import io.longline.store.Operation;
import io.longline.store.Operation.AcceptEvents;
import io.longline.store.Operation.CancelDelivery;
import io.longline.store.Operation.CreateWebhook;
import io.longline.store.Operation.DeleteWebhook;
import io.longline.store.Operation.ExpireDeliveries;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.Operation.RecordCircuit;
import io.longline.store.Operation.RetryDelivery;
import io.longline.store.Operation.SaveWebhook;
import io.longline.store.Operation.Target;
import io.longline.store.WaitingDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The store as the engine sees it, in memory: commits change it at once, reads answer what it holds at that moment. */
final class StoreModel {
    final Map<DeliveryId, Row> rows = new LinkedHashMap<>();
    final Map<WebhookId, Webhook> webhooks = new LinkedHashMap<>();
    private final Map<WebhookId, List<Row>> byWebhook = new HashMap<>();
    private Commit commit = emptyCommit();

    /** A delivery's row. */
    static final class Row {
        final DeliveryId id;
        final WebhookId webhookId;
        final NewEvent event;
        DeliveryStatus status = DeliveryStatus.PENDING;
        String reason;
        int attempts;
        int budgetUsed;
        long nextAttemptAt;
        long openedAt;

        Row(DeliveryId id, WebhookId webhookId, NewEvent event) {
            this.id = id;
            this.webhookId = webhookId;
            this.event = event;
            this.nextAttemptAt = event.acceptedAtMillis();
            this.openedAt = event.acceptedAtMillis();
        }

        WaitingDelivery read() {
            EventId eventId = event.id();
            int bytes = event.payload().size();
            return new WaitingDelivery(id, eventId, event.type(), attempts, budgetUsed, nextAttemptAt, openedAt, bytes);
        }
    }

    /** One commit of several operations, in the order that the real store gives them. */
    Commit write(Collection<? extends Operation<?>> operations) {
        commit = emptyCommit();
        operations.stream().sorted(Comparator.comparing(Operation::rank)).forEach(this::apply);
        return commit;
    }

    List<WaitingDelivery> firstAttempts(WebhookId webhookId, int limit) {
        return read(webhookId, false, limit);
    }

    List<WaitingDelivery> retries(WebhookId webhookId, int limit) {
        return read(webhookId, true, limit);
    }

    Map<WebhookId, Backlog> backlogs(Collection<WebhookId> webhookIds) {
        Map<WebhookId, Backlog> backlogs = new HashMap<>();
        for (WebhookId id : webhookIds) {
            List<WaitingDelivery> first = firstAttempts(id, 1);
            List<WaitingDelivery> retry = retries(id, 1);
            if (!first.isEmpty() || !retry.isEmpty()) {
                backlogs.put(
                        id,
                        new Backlog(
                                first.isEmpty() ? null : first.get(0).id(),
                                retry.isEmpty() ? null : retry.get(0).nextAttemptAtMillis()));
            }
        }
        return backlogs;
    }

    List<Webhook> registeredWebhooks() {
        return webhooks.values().stream()
                .filter(webhook -> !webhook.isDeleted())
                .toList();
    }

    /** Whether nothing more is to happen to a delivery; what waits for a deleted webhook is as good as cancelled. */
    boolean isFinal(Row row) {
        return row.status.isFinal() || webhooks.get(row.webhookId).isDeleted();
    }

    private List<WaitingDelivery> read(WebhookId webhookId, boolean retries, int limit) {
        return byWebhook.getOrDefault(webhookId, List.of()).stream()
                .filter(row -> row.status == DeliveryStatus.PENDING && (row.attempts > 0) == retries)
                .sorted(Comparator.comparingLong((Row row) -> row.nextAttemptAt).thenComparing(row -> row.id))
                .limit(limit)
                .map(Row::read)
                .toList();
    }

    private void apply(Operation<?> operation) {
        if (operation instanceof AcceptEvents accept) {
            accept.events().forEach(event -> event.targets().forEach(target -> insert(event, target)));
        } else if (operation instanceof RecordAttempt record) {
            record(record);
        } else if (operation instanceof ExpireDeliveries expire) {
            expire(expire);
        } else if (operation instanceof RecordCircuit circuit) {
            webhooks.computeIfPresent(
                    circuit.webhookId(),
                    (id, webhook) -> webhook.toBuilder()
                            .circuit(circuit.status())
                            .circuitRetryAt(circuit.retryAt())
                            .failingSince(circuit.failingSince())
                            .build());
        } else if (operation instanceof CreateWebhook create) {
            put(create.webhook());
        } else if (operation instanceof SaveWebhook save) {
            save(save);
        } else if (operation instanceof DeleteWebhook delete) {
            Webhook webhook = webhooks.get(delete.id());
            long next = webhook.version() + 1;
            put(webhook.toBuilder().deletedAt(delete.at()).version(next).build());
        } else if (operation instanceof RetryDelivery retry) {
            reopen(retry);
        } else if (operation instanceof CancelDelivery cancel) {
            cancel(cancel);
        } else {
            throw new IllegalArgumentException("the model cannot write " + operation);
        }
    }

    private void insert(NewEvent event, Target target) {
        Row row = new Row(target.deliveryId(), target.webhookId(), event);
        rows.put(row.id, row);
        byWebhook.computeIfAbsent(row.webhookId, id -> new ArrayList<>()).add(row);
        if (webhooks.get(row.webhookId).isDeleted()) {
            row.status = DeliveryStatus.CANCELLED;
        } else {
            commit.made().add(new Commit.Made(row.webhookId, row.id, event));
        }
    }

    private void record(RecordAttempt result) {
        Row row = rows.get(result.attempt().deliveryId());
        DeliveryState next = result.next();
        DeliveryState.Pending waits = next instanceof DeliveryState.Pending pending ? pending : null;
        if (isFinal(row)) {
            row.attempts = Math.max(row.attempts, result.attempt().number());
        } else {
            row.status = next.status();
            row.attempts = result.attempt().number();
            row.budgetUsed = waits == null ? 0 : waits.budgetUsed();
            row.nextAttemptAt = waits == null ? 0 : waits.nextAttemptAt().toEpochMilli();
            row.reason = next instanceof DeliveryState.Failed failed
                    ? failed.reason().text()
                    : null;
        }
        Long nextAt = waits == null ? null : (Long) waits.nextAttemptAt().toEpochMilli();
        commit.settled().add(new Commit.Settled(row.webhookId, row.id, nextAt));
        Webhook webhook = webhooks.get(row.webhookId);
        Operation.Disable disable = result.disable();
        if (disable != null && disable.ifVersion() == webhook.version() && webhook.active() && !webhook.isDeleted()) {
            long version = webhook.version() + 1;
            put(webhook.toBuilder()
                    .active(false)
                    .disabledReason(disable.reason())
                    .version(version)
                    .build());
        }
    }

    private void expire(ExpireDeliveries expire) {
        for (DeliveryId id : expire.ids()) {
            Row row = rows.get(id);
            if (!isFinal(row)) {
                row.status = DeliveryStatus.FAILED;
                row.reason = "expired";
            }
            commit.settled().add(new Commit.Settled(row.webhookId, id, null));
        }
    }

    private void save(SaveWebhook save) {
        Webhook before = webhooks.get(save.webhook().id());
        if (before.isDeleted() || before.version() != save.ifVersion()) {
            return;
        }
        Webhook after = save.webhook();
        boolean restart = !before.url().equals(after.url()) || (!before.active() && after.active());
        Instant retryAt = before.circuitRetryAt();
        put(after.toBuilder()
                .circuit(restart ? CircuitStatus.CLOSED : before.circuit())
                .circuitRetryAt(retryAt)
                .failingSince(restart ? null : before.failingSince())
                .build());
    }

    private void reopen(RetryDelivery retry) {
        Row row = rows.get(retry.id());
        if (!webhooks.get(row.webhookId).isDeleted()) {
            row.status = DeliveryStatus.PENDING;
            row.reason = null;
            row.budgetUsed = 0;
            row.nextAttemptAt = retry.nowMillis();
            row.openedAt = retry.nowMillis();
            commit.reopened().add(new Commit.Touched(row.webhookId, row.id));
        }
    }

    private void cancel(CancelDelivery cancel) {
        Row row = rows.get(cancel.id());
        if (!isFinal(row)) {
            row.status = DeliveryStatus.CANCELLED;
            commit.cancelled().add(new Commit.Touched(row.webhookId, row.id));
        }
    }

    private void put(Webhook webhook) {
        webhooks.put(webhook.id(), webhook);
        commit.webhooks().removeIf(earlier -> Objects.equals(earlier.id(), webhook.id()));
        commit.webhooks().add(webhook);
    }

    private static Commit emptyCommit() {
        return new Commit(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }
}
