package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.security.WebhookSecret;
import io.vertx.core.Future;
import java.time.Instant;

/** The routes that show and change a webhook's secret. */
final class SecretHandlers {
    private static final int LONGEST_OVERLAP = 604_800;
    private static final int USUAL_OVERLAP = 86_400;

    private final ApiParts parts;

    SecretHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** Whoever sees a secret is noted before it is shown. */
    Future<Response> get(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        return WebhookHandlers.find(parts, call, id)
                .compose(webhook -> WebhookHandlers.audit(parts, call, "webhook.secret.read", webhook)
                        .map(noted -> show(webhook)));
    }

    Future<Response> rotate(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        Faults faults = new Faults();
        Fields fields = Fields.of(call.body().length == 0 ? Json.object() : Json.read(call.body()), faults);
        String given = fields.text("secret", 1_000);
        if (given != null) {
            faults.add("/secret", WebhookSecret.faultOfNew(given));
        }
        Integer overlap = fields.whole("expire_after", 0, LONGEST_OVERLAP);
        fields.refuseOthers();
        faults.refuseIfAny();
        String secret = given == null ? WebhookSecret.generate(parts.random()) : given;
        int seconds = overlap == null ? USUAL_OVERLAP : overlap;
        return WebhookHandlers.change(
                        parts, call, "webhook.secret.rotate", id, webhook -> rotated(webhook, secret, seconds))
                .map(this::show);
    }

    private Webhook rotated(Webhook webhook, String secret, int overlapSeconds) {
        Instant now = parts.now();
        return webhook.toBuilder()
                .secrets(webhook.secrets().rotate(secret, now.plusSeconds(overlapSeconds)))
                .version(webhook.version() + 1)
                .updatedAt(now)
                .build();
    }

    private Response show(Webhook webhook) {
        ObjectNode json = Json.object();
        json.put("secret", webhook.secrets().current());
        json.put("public_key", Views.publicKey(webhook));
        Instant expiresAt = webhook.secrets().previousExpiresAt();
        boolean overlaps = expiresAt != null && parts.now().isBefore(expiresAt);
        json.put("previous_secret_expires_at", overlaps ? Views.timeOrNull(expiresAt) : null);
        return Response.ok(json).with("Cache-Control", "no-store");
    }
}
