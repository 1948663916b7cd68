package io.longline.api;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls a source as its provider does, signing for itself. */
record ThirdParty(Api api, String name, String secret) {
    /** Sends JSON with these headers, names and values in turn. */
    Answer json(String body, String... headers) {
        return send("application/json", body, headers);
    }

    Answer form(String body, String... headers) {
        return send("application/x-www-form-urlencoded", body, headers);
    }

    private Answer send(String type, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type");
        all.add(type);
        return api.send("POST", "/in/" + name, body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    String hex(String signed) {
        return HexFormat.of().formatHex(sum(secret.getBytes(StandardCharsets.UTF_8), signed));
    }

    String base64(String signed) {
        return Base64.getEncoder().encodeToString(sum(secret.getBytes(StandardCharsets.UTF_8), signed));
    }

    /** GitHub. */
    Answer github(String event, String delivery, String body) {
        return json(
                body,
                "X-GitHub-Event",
                event,
                "X-GitHub-Delivery",
                delivery,
                "X-Hub-Signature-256",
                "sha256=" + hex(body));
    }

    Answer stripe(long at, String body) {
        return json(body, "Stripe-Signature", "t=" + at + ",v1=" + hex(at + "." + body));
    }

    Answer slack(long at, String body) {
        return json(body, slackHeaders(at, body));
    }

    Answer slackForm(long at, String body) {
        return form(body, slackHeaders(at, body));
    }

    private String[] slackHeaders(long at, String body) {
        return new String[] {
            "X-Slack-Request-Timestamp", Long.toString(at), "X-Slack-Signature", "v0=" + hex("v0:" + at + ":" + body)
        };
    }

    /** Standard Webhooks. */
    Answer standard(long at, String id, String body) {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        String signature = Base64.getEncoder().encodeToString(sum(key, id + "." + at + "." + body));
        return json(
                body,
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(at),
                "webhook-signature",
                "v1,AAAA v1," + signature);
    }

    private static byte[] sum(byte[] key, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
