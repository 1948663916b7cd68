package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.expression.Filter;
import io.longline.expression.Transform;
import io.longline.model.WebhookFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** What a body says of the expressions that filter and transform a webhook's events. */
record ExpressionChoice(@Nullable String filter, @Nullable String transform) {
    /** Reads {@code filter} and {@code transform}; a transform goes with no other format than the standard one. */
    static ExpressionChoice of(Fields fields, WebhookFormat format, Faults faults) {
        String filter = fields.text("filter", Filter.LONGEST);
        if (filter != null) {
            faults.add("/filter", Filter.fault(filter));
        }
        String transform = fields.text("transform", Transform.LONGEST);
        if (transform != null && format != WebhookFormat.STANDARD) {
            faults.add("/transform", "must be null for the format " + format.text() + ", which makes the body itself");
        } else if (transform != null) {
            faults.add("/transform", Transform.fault(transform));
        }
        return new ExpressionChoice(filter, transform);
    }

    /** Has the language loaded off the event loop, where a body has use for it. */
    static Future<Void> prepare(Vertx vertx, JsonNode body) {
        if (!body.path("filter").isTextual() && !body.path("transform").isTextual()) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(() -> {
            Filter.fault("true");
            return null;
        });
    }
}
