package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.EventPayload;
import io.longline.expression.EventVariable;
import io.longline.expression.ExpressionException;
import io.longline.expression.Filter;
import io.longline.format.Format;
import io.longline.format.Formats;
import io.longline.format.UnrenderableException;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookFormat;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows what a webhook would send for an event. Nothing is sent, and nothing stored. */
final class PreviewHandler {
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final String POOL = "longline-previews";
    private static final int THREADS = 2;
    private static final int MOST_AT_ONCE = 32;

    private final ApiParts parts;
    private final WorkerExecutor pool;
    private int underway;

    PreviewHandler(ApiParts parts) {
        this.parts = parts;
        this.pool = parts.vertx().createSharedWorkerExecutor(POOL, THREADS);
    }

    /** What makes the request. */
    private record Look(
            WebhookFormat format,
            @Nullable String template,
            @Nullable String filter,
            @Nullable String transform,
            Map<String, String> headers) {}

    /** Which event, and whose. */
    private record Sample(Payload payload, String tenant) {}

    Future<Response> preview(Call call) {
        if (underway >= MOST_AT_ONCE) {
            throw Problem.unavailable("Too many previews are under way; try again shortly");
        }
        underway++;
        return ExpressionChoice.prepare(parts.vertx(), Json.read(call.body()))
                .compose(ready -> show(call))
                .onComplete(done -> underway--);
    }

    private Future<Response> show(Call call) {
        RawObject raw = RawObject.parse(call.body());
        Faults faults = new Faults();
        Fields fields = Fields.of(Json.read(call.body()), faults);
        Optional<WebhookId> webhookId = id(fields, "webhook_id", WebhookId::parse, "names no webhook", faults);
        Look given = look(fields, faults);
        if (fields.get("webhook_id") != null && saysLook(fields)) {
            faults.add("", "must have either webhook_id, or format, template, filter, transform and headers");
        }
        Optional<EventId> eventId = id(fields, "event_id", EventId::parse, "names no event", faults);
        Sample sample = eventId.isPresent() ? null : sample(call, fields, raw, faults);
        fields.refuseOthers();
        faults.refuseIfAny();
        Future<Look> look = webhookId.map(id -> webhook(call, id)).orElse(Future.succeededFuture(given));
        Future<Sample> event = sample == null
                ? eventId.map(id -> stored(call, id)).orElseThrow(Problem::notFound)
                : Future.succeededFuture(sample);
        return Future.all(look, event)
                .compose(both -> pool.executeBlocking(() -> view(look.result(), event.result()), false))
                .map(Response::ok);
    }

    private static <T> Optional<T> id(
            Fields fields, String name, Function<String, Optional<T>> parse, String fault, Faults faults) {
        String text = fields.text(name, 100);
        Optional<T> id = text == null ? Optional.empty() : parse.apply(text);
        if (text != null && id.isEmpty()) {
            faults.add("/" + name, fault);
        }
        return id;
    }

    private static boolean saysLook(Fields fields) {
        return List.of("format", "template", "filter", "transform", "headers").stream()
                .anyMatch(fields::has);
    }

    private static Look look(Fields fields, Faults faults) {
        FormatChoice format = FormatChoice.of(fields, WebhookFormat.STANDARD, faults);
        ExpressionChoice expressions = ExpressionChoice.of(fields, format.format(), faults);
        Map<String, String> headers = WebhookForm.headers(fields, "headers", faults);
        return new Look(format.format(), format.template(), expressions.filter(), expressions.transform(), headers);
    }

    private Sample sample(Call call, Fields fields, RawObject raw, Faults faults) {
        String event = fields.text("event", 1_000);
        if (fields.get("event") == null) {
            faults.add("/event", "is required, or event_id");
        } else if (event != null) {
            faults.add("/event", EventPattern.nameFault(event));
        }
        fields.get("data");
        fields.get("metadata");
        RawObject.Value data = raw.getEvenNull("data");
        RawObject.Value metadata = raw.get("metadata");
        if (metadata != null && !metadata.isObject()) {
            faults.add("/metadata", "must be an object");
        }
        String tenant = fields.tenant();
        String time = fields.text("timestamp", 100);
        Optional<Instant> timestamp = time == null ? Optional.of(parts.now()) : Call.instant(time);
        if (timestamp.isEmpty()) {
            faults.add("/timestamp", "must be an RFC 3339 time, like 2026-01-31T12:00:00Z");
        }
        Payload payload = EventPayload.of(
                parts.ids().event().value(),
                event == null ? "" : event,
                timestamp.orElse(Instant.EPOCH),
                data == null ? NOTHING : data.bytes(),
                metadata == null ? NOTHING : metadata.bytes());
        int most = parts.settings().ingest().maxPayloadBytes();
        if (payload.size() > most) {
            throw Problem.of(
                    413, "The event has a payload of " + payload.size() + " bytes; at most " + most + " are taken");
        }
        return new Sample(payload, call.caller().tenantFor(tenant));
    }

    private Future<Look> webhook(Call call, WebhookId id) {
        return parts.store().queries().webhook(id).map(found -> {
            Webhook webhook = found.filter(each -> call.caller().sees(each.tenant()))
                    .orElseThrow(() -> Problem.invalid("/webhook_id", "names no webhook"));
            return new Look(
                    webhook.format(), webhook.template(), webhook.filter(), webhook.transform(), webhook.headers());
        });
    }

    private Future<Sample> stored(Call call, EventId id) {
        return parts.store()
                .queries()
                .eventDetails(id)
                .map(found -> found.filter(
                                event -> call.caller().sees(event.event().tenant()))
                        .map(event -> new Sample(event.payload(), event.event().tenant()))
                        .orElseThrow(() -> Problem.invalid("/event_id", "names no event")));
    }

    /** On the pool: an expression or a template is somebody else's work. */
    private ObjectNode view(Look look, Sample sample) {
        ObjectNode json = Json.object();
        filter(json, look.filter, sample);
        String transform = look.transform;
        Format format = transform == null
                ? Formats.of(look.format, look.template, look.headers)
                : Formats.byTransform(transform, sample.tenant, parts.time().monotonicNanos());
        try {
            String body = format.render(sample.payload).text();
            json.put("content_type", contentType(look, format));
            json.put("body", body);
            json.putNull("error_message");
        } catch (UnrenderableException fault) {
            json.putNull("content_type");
            json.putNull("body");
            json.put("error_message", fault.getMessage());
        }
        return json;
    }

    private void filter(ObjectNode json, @Nullable String source, Sample sample) {
        boolean passes = true;
        String error = null;
        if (source != null) {
            try {
                passes = Filter.compile(source)
                        .judge(
                                EventVariable.of(sample.payload, sample.tenant),
                                parts.time().monotonicNanos());
            } catch (ExpressionException fault) {
                passes = false;
                error = "The filter: " + fault.getMessage();
            }
        }
        json.put("filtered", !passes);
        json.put("filter_error", error);
    }

    private static String contentType(Look look, Format format) {
        return look.headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(format.contentType());
    }
}
