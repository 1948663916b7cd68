package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Replay;
import io.longline.model.ReplayId;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of a replay; every fault at once.
 *
 * @param tenant the tenant named; {@code null} when none is
 * @param dryRun whether it is only to be counted
 */
record ReplayForm(Replay.Filter filter, @Nullable String tenant, boolean dryRun) {
    static ReplayForm read(JsonNode body) {
        Faults faults = new Faults();
        Fields fields = Fields.of(body, faults);
        String webhook = fields.text("webhook_id", 100);
        Optional<WebhookId> webhookId = webhook == null ? Optional.empty() : WebhookId.parse(webhook);
        if (webhook != null && webhookId.isEmpty()) {
            faults.add("/webhook_id", "names no webhook");
        }
        String word = fields.text("status", 100);
        Optional<DeliveryStatus> status =
                word == null ? Optional.empty() : DeliveryStatus.parse(word).filter(DeliveryStatus::isFinal);
        if (word != null && status.isEmpty()) {
            faults.add("/status", "must be succeeded, failed or cancelled");
        }
        String event = fields.text("event", 1_000);
        if (event != null) {
            faults.add("/event", EventPattern.nameFault(event));
        }
        String tenant = fields.tenant();
        Instant since = time("since", fields, faults);
        Instant until = time("until", fields, faults);
        if (since != null && until != null && !since.isBefore(until)) {
            faults.add("/until", "must be after since");
        }
        boolean missed = fields.flag("missed", false);
        boolean dryRun = fields.flag("dry_run", false);
        fields.refuseOthers();
        faults.refuseIfAny();
        return new ReplayForm(
                new Replay.Filter(
                        webhookId.orElse(null), status.orElse(null), event, orEpoch(since), orEpoch(until), missed),
                tenant,
                dryRun);
    }

    private static Instant orEpoch(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time;
    }

    private static @Nullable Instant time(String name, Fields fields, Faults faults) {
        String text = fields.text(name, 100);
        Optional<Instant> time = text == null ? Optional.empty() : Call.instant(text);
        if (time.isEmpty() || time.get().isBefore(Instant.EPOCH)) {
            faults.add(Fields.at(name), "must be an RFC 3339 time, like 2026-01-31T12:00:00Z");
            return null;
        }
        return time.get();
    }

    /**
     * The replay that it asks for.
     *
     * @param of whose; {@code null} for everybody's
     */
    Replay replay(ReplayId id, @Nullable String of, Instant now) {
        long upper = Math.min(filter.until().toEpochMilli(), now.toEpochMilli() + 1);
        String lowest = IdGenerator.lowest(EventId.PREFIX, filter.since().toEpochMilli());
        return new Replay(
                id,
                of,
                filter,
                IdGenerator.lowest(EventId.PREFIX, upper),
                Replay.State.RUNNING,
                new Replay.Place(lowest, ""),
                0,
                false,
                0,
                now,
                null);
    }
}
