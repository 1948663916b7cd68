package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.EventPayload;
import io.longline.model.Attempt;
import io.longline.model.AttemptId;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Sha256;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.PastDelivery;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The route that takes in what became of deliveries elsewhere, one to a line with its attempts. Identifiers follow from
 * those of the other system, so that a line that came before changes nothing: whoever is broken off begins again.
 */
final class HistoryHandler {
    /** What events are called whose names and bodies the other system did not keep. */
    static final String EVENT_TYPE = "imported";

    private static final int MOST_LINES = 1_000;
    private static final int MOST_ATTEMPTS = 1_000;
    private static final int LONGEST_ID = 500;
    private static final Set<String> SUCCESSES = Set.of("success", "succeeded", "successful", "delivered", "ok");
    private static final byte[] NO_DATA = "null".getBytes(StandardCharsets.US_ASCII);

    private final ApiParts parts;

    HistoryHandler(ApiParts parts) {
        this.parts = parts;
    }

    /** A line, as it was read. */
    private record Line(int number, WebhookId webhookId, String payloadId, Instant occurredAt, List<Try> attempts) {}

    /** An attempt, as it was read. */
    private record Try(
            String id,
            int number,
            boolean succeeded,
            @Nullable Integer code,
            @Nullable String answer,
            @Nullable String error,
            Instant startedAt,
            double durationMillis) {}

    Future<Response> take(Call call) {
        return parts.vertx()
                .executeBlocking(() -> lines(call.body()), false)
                .compose(lines -> webhooks(call, lines).compose(webhooks -> write(call, lines, webhooks)));
    }

    private List<Line> lines(byte[] body) {
        List<Line> read = new ArrayList<>();
        Faults all = new Faults();
        for (BodyLines lines = new BodyLines(body); lines.next(); ) {
            if (read.size() >= MOST_LINES) {
                throw Problem.of(413, "The body has more than " + MOST_LINES + " lines");
            }
            Faults faults = new Faults();
            Line line = line(lines.number(), Json.read(lines.bytes()), faults);
            all.addAll(faults, lines.number());
            if (line != null) {
                read.add(line);
            }
        }
        all.refuseIfAny();
        return read;
    }

    private @Nullable Line line(int number, JsonNode body, Faults faults) {
        Fields fields = Fields.of(body, faults);
        Optional<WebhookId> webhook =
                Optional.ofNullable(fields.text("webhook_id", 100)).flatMap(WebhookId::parse);
        if (webhook.isEmpty()) {
            faults.add("/webhook_id", "names no webhook");
        }
        String payloadId = fields.text("payload_id", LONGEST_ID);
        if (payloadId == null || payloadId.isEmpty()) {
            faults.add("/payload_id", "is required");
        }
        Instant occurredAt = time(fields, "occurred_at", faults);
        List<Try> attempts = new ArrayList<>();
        fields.each("attempts", 1, MOST_ATTEMPTS, (pointer, element) -> {
            Faults inner = new Faults();
            Try attempt = element instanceof ObjectNode object ? attempt(object, inner) : null;
            if (attempt != null) {
                attempts.add(attempt);
            } else if (!element.isObject()) {
                inner.add("", "must be an object");
            }
            inner.each((at, detail) -> faults.add(pointer + at, detail));
        });
        if (fields.get("attempts") == null) {
            faults.add("/attempts", "is required");
        }
        fields.refuseOthers();
        return webhook.isEmpty() || payloadId == null || occurredAt == null
                ? null
                : new Line(number, webhook.get(), payloadId, occurredAt, attempts);
    }

    private @Nullable Instant time(Fields fields, String name, Faults faults) {
        String text = fields.text(name, 100);
        Optional<Instant> time = text == null ? Optional.empty() : Call.instant(text);
        if (time.isEmpty() || time.get().isAfter(parts.now()) || time.get().isBefore(Instant.EPOCH)) {
            faults.add(Fields.at(name), "must be an RFC 3339 time that has passed");
            return null;
        }
        return time.get();
    }

    /** Reads an attempt; {@code null} when it lacks what tells it. */
    private @Nullable Try attempt(ObjectNode body, Faults faults) {
        Fields fields = Fields.of(body, faults);
        String id = fields.text("id", LONGEST_ID);
        if (id == null || id.isEmpty()) {
            faults.add("/id", "is required");
        }
        Integer number = fields.whole("attempt_number", 1, 1_000_000);
        String status = fields.text("status", 100);
        Integer code = fields.whole("response_code", 100, 999);
        String answer = fields.text("response_body", Integer.MAX_VALUE);
        String error = fields.text("error_message", Integer.MAX_VALUE);
        Instant startedAt = time(fields, "timestamp", faults);
        Double duration = fields.number("duration_ms", 0, 1e9);
        fields.refuseOthers();
        return id == null || startedAt == null
                ? null
                : new Try(
                        id,
                        number == null ? 1 : number,
                        status != null && SUCCESSES.contains(status.toLowerCase(Locale.ROOT)),
                        code,
                        cut(answer),
                        cut(error),
                        startedAt,
                        duration == null ? 0 : duration);
    }

    /** Attempts of one millisecond sort by their numbers. */
    private static AttemptId attemptId(Instant startedAt, int number, byte[] digest) {
        int rank = Math.min(number, 0xFFF);
        digest[6] = (byte) (rank >> 8);
        digest[7] = (byte) rank;
        return new AttemptId(IdGenerator.derived(AttemptId.PREFIX, startedAt.toEpochMilli(), digest));
    }

    private @Nullable String cut(@Nullable String text) {
        int most = parts.settings().delivery().responseBytesKept();
        return text == null || text.length() <= most ? text : text.substring(0, most);
    }

    /** The webhooks of the lines, which the caller must see. */
    private Future<Map<WebhookId, Webhook>> webhooks(Call call, List<Line> lines) {
        Map<WebhookId, Webhook> found = new HashMap<>();
        Set<WebhookId> ids = new TreeSet<>();
        lines.forEach(line -> ids.add(line.webhookId));
        Future<Void> all = Future.succeededFuture();
        for (WebhookId id : ids) {
            all = all.compose(done -> parts.store().queries().webhook(id).map(webhook -> {
                webhook.filter(each -> call.caller().sees(each.tenant())).ifPresent(each -> found.put(id, each));
                return null;
            }));
        }
        return all.map(done -> {
            Faults faults = new Faults();
            lines.stream()
                    .filter(line -> !found.containsKey(line.webhookId))
                    .forEach(line -> faults.add("/webhook_id", "names no webhook (line " + line.number + ")"));
            faults.refuseIfAny();
            return found;
        });
    }

    private Future<Response> write(Call call, List<Line> lines, Map<WebhookId, Webhook> webhooks) {
        Instant kept = parts.now()
                .minus(shorter(
                        parts.settings().retention().events(),
                        parts.settings().retention().deliveries()));
        List<PastDelivery> deliveries = new ArrayList<>();
        int tooOld = 0;
        int attempts = 0;
        for (Line line : lines) {
            @Nullable Webhook webhook = webhooks.get(line.webhookId);
            PastDelivery delivery = webhook == null ? null : delivery(line, webhook.tenant());
            if (delivery == null || delivery.occurredAt().isBefore(kept)) {
                // Upkeep would take it away at once.
                tooOld++;
            } else {
                deliveries.add(delivery);
                attempts += delivery.attempts().size();
            }
        }
        int all = attempts;
        int old = tooOld;
        if (deliveries.isEmpty()) {
            return Future.succeededFuture(answer(0, 0, new PastDelivery.Counts(0, 0), old));
        }
        return parts.audit(
                        call,
                        "history.import",
                        "history",
                        call.caller().tenantOrAll(),
                        deliveries.size() + " deliveries")
                .compose(noted -> parts.store().write(new Operation.ImportHistory(deliveries)))
                .map(counts -> answer(deliveries.size(), all, counts, old));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private @Nullable PastDelivery delivery(Line line, String tenant) {
        EventId eventId = new EventId(IdGenerator.derived(
                EventId.PREFIX, line.occurredAt.toEpochMilli(), sha256("event", tenant, line.payloadId)));
        DeliveryId deliveryId = new DeliveryId(IdGenerator.derived(
                DeliveryId.PREFIX,
                line.occurredAt.toEpochMilli(),
                sha256("delivery", line.webhookId.value(), line.payloadId)));
        List<Attempt> attempts = new ArrayList<>();
        for (Try each : line.attempts) {
            attempts.add(new Attempt(
                    attemptId(each.startedAt, each.number, sha256("attempt", deliveryId.value(), each.id)),
                    deliveryId,
                    line.webhookId,
                    eventId,
                    each.number,
                    each.succeeded,
                    each.code,
                    each.answer,
                    each.error,
                    each.startedAt,
                    each.durationMillis,
                    "{}",
                    null,
                    ""));
        }
        attempts.sort((one, other) -> one.number() != other.number()
                ? Integer.compare(one.number(), other.number())
                : one.startedAt().compareTo(other.startedAt()));
        byte[] metadata = Json.write(Json.object().put("imported", true).put("payload_id", line.payloadId));
        return attempts.isEmpty()
                ? null
                : new PastDelivery(
                        eventId,
                        deliveryId,
                        line.webhookId,
                        tenant,
                        EVENT_TYPE,
                        EventPayload.of(eventId.value(), EVENT_TYPE, line.occurredAt, NO_DATA, metadata),
                        line.occurredAt,
                        attempts);
    }

    private static byte[] sha256(String kind, String owner, String name) {
        return Sha256.of((kind + '\n' + owner + '\n' + name).getBytes(StandardCharsets.UTF_8));
    }

    private static Response answer(int deliveries, int attempts, PastDelivery.Counts made, int tooOld) {
        ObjectNode json = Json.object();
        json.putObject("deliveries").put("created", made.deliveries()).put("unchanged", deliveries - made.deliveries());
        json.putObject("attempts").put("created", made.attempts()).put("unchanged", attempts - made.attempts());
        json.put("too_old", tooOld);
        return Response.ok(json);
    }
}
