package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.EventDraft;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.Request.Idempotency;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has events accepted, and answers once they are committed. */
final class Publisher {
    private final ApiParts parts;

    Publisher(ApiParts parts) {
        this.parts = parts;
    }

    /** One event. */
    Future<Response> one(EventDraft draft, @Nullable Idempotency key) {
        return publish(List.of(draft), key, true);
    }

    /** Several: all of them, or none. */
    Future<Response> batch(List<EventDraft> drafts, @Nullable Idempotency key) {
        return publish(drafts, key, false);
    }

    /** Several, each with a key that tells it by itself: all of those that are not known yet, or none. */
    Future<Response> each(List<EventDraft> drafts, List<Idempotency> keys) {
        return publish(new Request.Publish(drafts, null, keys), false);
    }

    /** The answer to a call without any event. */
    static Response nothing() {
        return Response.json(202, receipts(List.of(), false));
    }

    private Future<Response> publish(List<EventDraft> drafts, @Nullable Idempotency key, boolean single) {
        return publish(new Request.Publish(drafts, key), single);
    }

    private Future<Response> publish(Request.Publish publish, boolean single) {
        Admission.Permit permit = parts.admission().permit();
        permit.events(publish.drafts().size());
        return parts.ask(publish).onComplete(done -> permit.release()).map(reply -> answer(reply, single));
    }

    private static Response answer(Reply reply, boolean single) {
        if (reply instanceof Reply.Published published) {
            return Response.json(202, receipts(published.receipts(), single));
        }
        if (reply instanceof Reply.Replayed replayed) {
            return Response.json(202, receipts(replayed.receipts(), single)).with("Idempotent-Replayed", "true");
        }
        throw refused(reply, single);
    }

    /** Why nothing was stored. */
    static RuntimeException refused(Reply reply, boolean single) {
        if (reply instanceof Reply.KeyConflict) {
            return Problem.of(409, "The Idempotency-Key was used before with another body");
        }
        if (reply instanceof Reply.PayloadTooLarge large) {
            String which = single ? "The event" : "Event " + large.index();
            return Problem.of(
                    413,
                    which + " has a payload of " + large.bytes() + " bytes; at most " + large.most() + " are taken");
        }
        if (reply instanceof Reply.Misfits misfits) {
            return Problem.invalid(misfits.misfits().stream()
                    .map(misfit -> new Problem.Fault(
                            (single ? "" : "/" + misfit.index()) + "/data" + misfit.pointer(), misfit.detail()))
                    .toList());
        }
        refuseIfTooMany(reply);
        return new IllegalStateException("no answer for " + reply.getClass().getSimpleName());
    }

    static void refuseIfTooMany(Reply reply) {
        if (reply instanceof Reply.TooManyDeliveries many) {
            throw Problem.of(
                    413,
                    "The call would make " + many.deliveries() + " deliveries; at most " + many.most() + " are made");
        }
        if (reply instanceof Reply.Overloaded) {
            throw Admission.overloaded();
        }
    }

    private static ObjectNode receipts(List<Reply.Receipt> receipts, boolean single) {
        if (single) {
            return receipt(receipts.get(0));
        }
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        receipts.forEach(receipt -> data.add(receipt(receipt)));
        return json;
    }

    private static ObjectNode receipt(Reply.Receipt receipt) {
        ObjectNode json = Json.object();
        json.put("id", receipt.id());
        json.put("event", receipt.event());
        json.put("timestamp", Views.time(receipt.timestamp()));
        json.put("deliveries", receipt.deliveries());
        return json;
    }
}
