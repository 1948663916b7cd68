package io.longline.api;

import io.longline.bus.EventDraft;
import io.longline.bus.Request.Idempotency;
import io.longline.format.CloudEventRules;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes CloudEvents in the way of any event. What tells them from each other is their source and identifier, unless the
 * call has an {@code Idempotency-Key}, which then stands for the call as a whole.
 */
final class CloudEventIntake {
    private static final String FAMILY = "application/cloudevents";

    private final Publisher publisher;
    private final int mostEvents;

    /** The three ways in which CloudEvents come over HTTP. */
    private enum Mode {
        BINARY,
        STRUCTURED,
        BATCH
    }

    CloudEventIntake(Publisher publisher, int mostEvents) {
        this.publisher = publisher;
        this.mostEvents = mostEvents;
    }

    /** Whether a call has CloudEvents rather than events in Longline's own form. */
    static boolean takes(HttpServerRequest request) {
        return Body.mediaType(request).startsWith(FAMILY) || CloudEventHeaders.areThere(request.headers());
    }

    /** One event, or several. */
    Future<Response> trigger(Call call) {
        return switch (mode(call)) {
            case BINARY -> one(call, CloudEventHeaders.read(call.request().headers(), call.body(), call.tenantToBe()));
            case STRUCTURED -> one(call, CloudEventForm.one(call.body(), call.tenantToBe()));
            case BATCH -> several(call);
        };
    }

    /** Several events. */
    Future<Response> batch(Call call) {
        if (mode(call) != Mode.BATCH) {
            throw Problem.of(
                    415,
                    "A batch of CloudEvents is " + CloudEventRules.BATCH + "; single ones go to /api/events/trigger");
        }
        return several(call);
    }

    private static Mode mode(Call call) {
        String type = Body.mediaType(call.request());
        if (!type.startsWith(FAMILY)) {
            return Mode.BINARY;
        }
        if (!type.equals(CloudEventRules.STRUCTURED) && !type.equals(CloudEventRules.BATCH)) {
            throw Problem.of(415, "CloudEvents are taken in JSON and in the binary mode, not as " + printable(type));
        }
        return type.equals(CloudEventRules.BATCH) ? Mode.BATCH : Mode.STRUCTURED;
    }

    private static String printable(String type) {
        return type.length() <= 100 && type.chars().allMatch(each -> each > 0x20 && each < 0x7F) ? type : "that";
    }

    private Future<Response> one(Call call, CloudEvent event) {
        EventDraft draft = event.draft();
        Idempotency asked = asked(call, "trigger", draft.tenant(), List.of(draft));
        return publisher.one(draft, asked == null ? event.key() : asked);
    }

    private Future<Response> several(Call call) {
        List<CloudEvent> events = CloudEventForm.batch(call.body(), mostEvents, call.tenantToBe());
        if (events.isEmpty()) {
            return Future.succeededFuture(Publisher.nothing());
        }
        List<EventDraft> drafts = events.stream().map(CloudEvent::draft).toList();
        Idempotency asked = asked(call, "batch", drafts.get(0).tenant(), drafts);
        return asked == null
                ? publisher.each(drafts, events.stream().map(CloudEvent::key).toList())
                : publisher.batch(drafts, asked);
    }

    /** The call's own key; what it was used for is told by the events, since the headers are a part of them. */
    private static @Nullable Idempotency asked(Call call, String scope, String tenant, List<EventDraft> drafts) {
        String key = call.idempotencyKey();
        if (key == null) {
            return null;
        }
        return new Idempotency(tenant, scope, key, EventDraft.sha256(drafts));
    }
}
