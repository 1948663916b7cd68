package io.longline.store.sealed;

import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.security.Seal;
import io.longline.store.StoreRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Seals what is secret of a webhook, and opens it. Each value is bound to its webhook and field. */
final class SealedWebhooks {
    private final Seal seal;

    SealedWebhooks(Seal seal) {
        this.seal = seal;
    }

    private interface Change {
        String apply(String text, String place);
    }

    Webhook seal(Webhook webhook) {
        return seal.isOn() ? changed(webhook, seal::seal) : webhook;
    }

    Webhook open(Webhook webhook) {
        try {
            return changed(webhook, seal::open);
        } catch (Seal.BrokenSealException broken) {
            throw new StoreRefusedException(
                    "a secret of webhook " + webhook.id() + " cannot be opened: " + broken.getMessage());
        }
    }

    private static Webhook changed(Webhook webhook, Change change) {
        SigningSecrets secrets = webhook.secrets();
        if (secrets.current() == null && webhook.headers().isEmpty()) {
            return webhook;
        }
        String place = "webhook " + webhook.id().value() + " ";
        Map<String, String> headers = new LinkedHashMap<>();
        webhook.headers().forEach((name, value) -> headers.put(name, change.apply(value, place + "header " + name)));
        SigningSecrets changed = new SigningSecrets(
                orNull(secrets.current(), place + "secret", change),
                orNull(secrets.previous(), place + "previous_secret", change),
                secrets.previousExpiresAt());
        return webhook.toBuilder().secrets(changed).headers(headers).build();
    }

    private static @Nullable String orNull(@Nullable String text, String place, Change change) {
        return text == null ? null : change.apply(text, place);
    }
}
