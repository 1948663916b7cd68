package io.longline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.security.SignatureCheck;
import io.longline.security.SignatureCheck.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a signature does not match: tries what usually goes wrong with secrets and bodies until something does
 * match. A pure function of the request, the secret and the time.
 */
final class SignatureDiagnosis {
    private static final String TIMESTAMP = "webhook-timestamp";
    private static final String STANDARD = "webhook-signature";
    private static final String PLAIN = "x-webhook-signature";

    private final Map<String, String> headers;
    private final byte[] body;
    private final String secret;

    /**
     * What was found.
     *
     * @param cause a word for programs
     * @param why a sentence for people
     */
    record Finding(boolean valid, String cause, String why) {
        private static Finding of(String cause, String why) {
            return new Finding(false, cause, why);
        }
    }

    /** @param headers with names in lower case */
    SignatureDiagnosis(Map<String, String> headers, byte[] body, String secret) {
        this.headers = headers;
        this.body = body;
        this.secret = secret;
    }

    /**
     * Looks into it.
     *
     * @param tolerance how old a timestamp may be, or how far ahead; zero for any
     */
    Finding find(Instant now, Duration tolerance) {
        Result result = check(headers, body, secret);
        if (result == Result.MISSING) {
            return Finding.of(
                    "missing",
                    "the request has no webhook-signature and no X-Webhook-Signature header: the webhook has no secret, or"
                            + " something on the way took the headers");
        }
        if (result == Result.VALID) {
            Finding late = late(now, tolerance);
            return late == null ? new Finding(true, "valid", "the signature is valid") : late;
        }
        for (Map.Entry<String, String> form : secretForms().entrySet()) {
            if (matches(headers, body, form.getValue())) {
                return Finding.of("wrong_secret", form.getKey());
            }
        }
        for (Map.Entry<String, byte[]> other : bodies().entrySet()) {
            if (matches(headers, other.getValue(), secret)) {
                String cause = other.getKey().contains("serialised") ? "reserialised_json" : "changed_body";
                return Finding.of(cause, other.getKey());
            }
        }
        return schemes().orElseGet(this::unexplained);
    }

    private @Nullable Finding late(Instant now, Duration tolerance) {
        String text = headers.get(TIMESTAMP);
        if (text == null || tolerance.isZero() || !text.matches("\\d{1,12}")) {
            return null;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(text)), now);
        if (age.abs().compareTo(tolerance) <= 0) {
            return null;
        }
        String how = age.isNegative() ? "ahead of this machine's clock" : "old";
        return Finding.of(
                "old_timestamp",
                "the signature matches, but webhook-timestamp is " + age.abs().toSeconds() + " s " + how
                        + " (at most " + tolerance.toSeconds()
                        + " s are accepted): a repeated request, a slow queue before the check, or a clock that is wrong");
    }

    /** Ways in which a secret is commonly got wrong, with what to say of each. */
    private Map<String, String> secretForms() {
        Map<String, String> forms = new LinkedHashMap<>();
        String stripped = secret.strip();
        forms.put("the secret has blanks or a line end around it", stripped);
        if (stripped.startsWith("whsec_")) {
            forms.put("the secret is used with whsec_ before it, and was given without", stripped.substring(6));
        } else {
            forms.put("the secret lacks whsec_ at its beginning", "whsec_" + stripped);
        }
        if (stripped.length() > 1 && (stripped.startsWith("\"") || stripped.startsWith("'"))) {
            forms.put("the secret has quotes around it", stripped.substring(1, stripped.length() - 1));
        }
        forms.values().removeIf(form -> form.isEmpty() || form.equals(secret));
        return forms;
    }

    /** What may have become of the body, with what to say of each. */
    private Map<String, byte[]> bodies() {
        String text = new String(body, StandardCharsets.UTF_8);
        Map<String, byte[]> others = new LinkedHashMap<>();
        add(others, "a line end was added to the body", text.replaceAll("\\R$", ""));
        add(others, "a line end at the body's end was taken away", text + "\n");
        add(others, "line ends in the body were changed", text.replace("\r\n", "\n"));
        add(others, "blanks around the body were added", text.strip());
        add(others, "a byte order mark was put before the body", text.replaceAll("^\uFEFF", ""));
        try {
            JsonNode json = ServerClient.JSON.readTree(text);
            String how =
                    "the body was read as JSON and serialised again: the signature is over the bytes as they came, so"
                            + " check it before anything parses them";
            add(others, how, json.toString());
            add(
                    others,
                    how + " (other blanks)",
                    json.toString().replace("\":", "\": ").replace(",\"", ", \""));
            add(others, how + " (escaped slashes)", json.toString().replace("/", "\\/"));
            add(others, how + " (characters as they are)", unescaped(text));
        } catch (JsonProcessingException noJson) {
            return others;
        }
        return others;
    }

    private static void add(Map<String, byte[]> others, String what, String text) {
        others.putIfAbsent(what, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same JSON with {@code \\uXXXX} and {@code \\/} as the characters that they stand for. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int index = 0; index < text.length(); index++) {
            boolean escape = text.charAt(index) == '\\' && index + 1 < text.length();
            if (escape && text.charAt(index + 1) == '/') {
                plain.append('/');
                index++;
            } else if (escape && text.substring(index + 1).matches("(?s)u[0-9a-fA-F]{4}.*")) {
                plain.append((char) Integer.parseInt(text.substring(index + 2, index + 6), 16));
                index += 5;
            } else {
                plain.append(text.charAt(index));
            }
        }
        return plain.toString();
    }

    /** One scheme holds and the other does not: what only the other one signs was changed. */
    private Optional<Finding> schemes() {
        boolean both = headers.containsKey(PLAIN) && headers.containsKey(STANDARD);
        if (both && holds(PLAIN)) {
            return Optional.of(Finding.of(
                    "changed_header",
                    "the body and the secret are right, but webhook-id, webhook-timestamp or webhook-signature is not the one"
                            + " that was sent"));
        }
        if (both && holds(STANDARD)) {
            return Optional.of(Finding.of(
                    "changed_header",
                    "webhook-signature matches, but X-Webhook-Signature is not the one that was sent"));
        }
        return Optional.empty();
    }

    private boolean holds(String scheme) {
        Map<String, String> only = new HashMap<>(headers);
        only.remove(scheme.equals(PLAIN) ? STANDARD : PLAIN);
        return check(only, body, secret) == Result.VALID;
    }

    private Finding unexplained() {
        String begin = "the signature does not match, and none of the usual changes explains it: ";
        JsonNode json;
        try {
            json = ServerClient.JSON.readTree(body);
        } catch (IOException noJson) {
            return Finding.of("changed_body", begin + "the body is not JSON, so that it was probably cut or changed");
        }
        String id = headers.get("webhook-id");
        String own = json.path("id").asText();
        if (id != null && !own.isEmpty() && !own.equals(id)) {
            return Finding.of(
                    "changed_body",
                    "the body is another event's: its id is " + Table.clean(own) + ", and webhook-id is "
                            + Table.clean(id));
        }
        return Finding.of(
                "wrong_secret",
                begin
                        + "most likely this is the secret of another webhook, or one from before a rotation; or a value in"
                        + " the body was changed");
    }

    private static boolean matches(Map<String, String> headers, byte[] body, String secret) {
        return check(headers, body, secret) == Result.VALID;
    }

    private static Result check(Map<String, String> headers, byte[] body, String secret) {
        try {
            return new SignatureCheck(secret).check(headers, body);
        } catch (IllegalArgumentException unusable) {
            return Result.INVALID;
        }
    }
}
