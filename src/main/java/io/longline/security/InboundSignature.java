package io.longline.security;

import io.longline.model.Source;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme.Algorithm;
import io.longline.model.SourceScheme.Encoding;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a call came from whom its source expects: over the raw bytes, before anything reads them, and in
 * constant time. Every judgement, whatever comes of it, computes one HMAC over the whole body, so that its time tells
 * nothing of what was wrong.
 */
public final class InboundSignature {
    /** How far the time that a provider signs may be from this server's clock, either way. */
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern SPACE = Pattern.compile(" ");

    private final Source source;
    private final Function<String, @Nullable String> headers;
    private final byte[] body;
    private final Instant now;

    private InboundSignature(Source source, Function<String, @Nullable String> headers, byte[] body, Instant now) {
        this.source = source;
        this.headers = headers;
        this.body = body;
        this.now = now;
    }

    /**
     * Whether the call is what it says it is.
     *
     * @param headers gives a header's only value by its name; {@code null} when it is absent, or there several times
     * @param body the bytes as they came
     */
    public static boolean holds(Source source, Function<String, @Nullable String> headers, byte[] body, Instant now) {
        return new InboundSignature(source, headers, body, now).holds();
    }

    private boolean holds() {
        return switch (source.kind()) {
            case GITHUB -> isHex(header("X-Hub-Signature-256"), "sha256=", mac(Algorithm.SHA256, ""));
            case SHOPIFY -> isBase64(header("X-Shopify-Hmac-Sha256"), "", mac(Algorithm.SHA256, ""));
            case GITLAB -> isToken("X-Gitlab-Token");
            case TOKEN -> isToken(ownHeader());
            case HMAC -> isOwnHmac();
            case STRIPE -> isOfStripe();
            case SLACK -> isOfSlack();
            case STANDARD -> isStandard();
        };
    }

    private String header(String name) {
        String value = headers.apply(name);
        return value == null ? "" : value;
    }

    private String ownHeader() {
        String name = source.scheme().header();
        if (name == null) {
            throw new IllegalStateException("the source " + source.id() + " names no header");
        }
        return name;
    }

    private boolean isOwnHmac() {
        byte[] expected = mac(source.scheme().algorithm(), "");
        String prefix = source.scheme().signaturePrefix();
        String given = header(ownHeader());
        return source.scheme().encoding() == Encoding.HEX
                ? isHex(given, prefix, expected)
                : isBase64(given, prefix, expected);
    }

    /** The hashes are compared, so that not even the length of the right token shows. */
    private boolean isToken(String name) {
        boolean same = MessageDigest.isEqual(KeySecret.hash(source.secret()), KeySecret.hash(header(name)));
        return mac(Algorithm.SHA256, "").length > 0 && same;
    }

    private boolean isOfStripe() {
        String given = header("Stripe-Signature");
        String time = "";
        for (String part : COMMA.split(given)) {
            time = part.startsWith("t=") ? part.substring(2) : time;
        }
        byte[] expected = mac(Algorithm.SHA256, time + ".");
        boolean found = false;
        for (String part : COMMA.split(given)) {
            found |= isHex(part, "v1=", expected);
        }
        return found && isRecent(time);
    }

    private boolean isOfSlack() {
        String time = header("X-Slack-Request-Timestamp");
        byte[] expected = mac(Algorithm.SHA256, "v0:" + time + ":");
        return isHex(header("X-Slack-Signature"), "v0=", expected) && isRecent(time);
    }

    private boolean isStandard() {
        String time = header("webhook-timestamp");
        String id = header("webhook-id");
        byte[] expected = mac(Algorithm.SHA256, id + "." + time + ".");
        boolean found = false;
        for (String signature : SPACE.split(header("webhook-signature"))) {
            found |= isBase64(signature, "v1,", expected);
        }
        return found && !id.isEmpty() && isRecent(time);
    }

    private boolean isRecent(String seconds) {
        if (!SECONDS.matcher(seconds).matches()) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(seconds));
        return Duration.between(signed, now).abs().compareTo(WINDOW) <= 0;
    }

    private static boolean isHex(String given, String prefix, byte[] expected) {
        return isSame(given, prefix, expected, text -> HexFormat.of().parseHex(text));
    }

    private static boolean isBase64(String given, String prefix, byte[] expected) {
        return isSame(given, prefix, expected, text -> Base64.getDecoder().decode(text));
    }

    private static boolean isSame(String given, String prefix, byte[] expected, Function<String, byte[]> decoder) {
        try {
            return given.startsWith(prefix)
                    && MessageDigest.isEqual(expected, decoder.apply(given.substring(prefix.length())));
        } catch (IllegalArgumentException undecodable) {
            return false;
        }
    }

    /** Over a text, as the bytes that its header had, and the body after it. */
    private byte[] mac(Algorithm algorithm, String before) {
        String name = switch (algorithm) {
            case SHA1 -> "HmacSHA1";
            case SHA256 -> "HmacSHA256";
            case SHA512 -> "HmacSHA512";
        };
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key(), name));
            mac.update(before.getBytes(StandardCharsets.ISO_8859_1));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + name, impossible);
        }
    }

    private byte[] key() {
        return source.kind() == SourceKind.STANDARD
                ? WebhookSecret.standardKey(source.secret())
                : source.secret().getBytes(StandardCharsets.UTF_8);
    }
}
