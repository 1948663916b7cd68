package io.longline.api;

import com.fasterxml.jackson.databind.node.TextNode;
import io.longline.bus.JsonText;
import io.longline.format.CloudEventRules;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads CloudEvents whose attributes are headers, the data being the body (CloudEvents 1.0.2, HTTP Protocol Binding,
 * binary content mode).
 */
final class CloudEventHeaders {
    private static final String PREFIX = "ce-";
    /** Every call is looked at for these, so that they are hashed once. */
    private static final List<CharSequence> TELLING = Stream.of("ce-specversion", "ce-id", "ce-source", "ce-type")
            .map(HttpHeaders::createOptimized)
            .toList();

    private CloudEventHeaders() {}

    /** Whether headers mean to be such an event: at least one of those is there that must be. */
    static boolean areThere(MultiMap headers) {
        for (CharSequence telling : TELLING) {
            if (headers.contains(telling)) {
                return true;
            }
        }
        return false;
    }

    /** The event of a call. */
    static CloudEvent read(MultiMap headers, byte[] body, String tenant) {
        Faults faults = new Faults();
        CloudEvent event = new CloudEvent("", tenant, faults);
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                attribute(event, name.substring(PREFIX.length()), header.getValue(), seen);
            }
        }
        List<String> types = headers.getAll("Content-Type");
        if (!types.isEmpty()) {
            event.attribute("datacontenttype", types.get(0).strip());
        }
        event.check();
        faults.refuseIfAny();
        data(event, types.isEmpty() ? null : types.get(0), body);
        return event;
    }

    private static void attribute(CloudEvent event, String name, String value, Set<String> seen) {
        if (name.equals("datacontenttype")) {
            event.fault(name, "is what Content-Type says, and has no header of its own");
        } else if (!seen.add(name)) {
            event.fault(name, "has more than one header");
        } else {
            Optional<String> text = decoded(value);
            if (text.isPresent()) {
                event.attribute(name, text.get());
            } else {
                event.fault(
                        name, "has a header that is not printable ASCII with everything else percent-encoded as UTF-8");
            }
        }
    }

    /** The text of a header's value: out of its quotes, if it has any, then percent-decoded once. */
    static Optional<String> decoded(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        boolean isQuoted = false;
        for (int at = 0; at < value.length(); at++) {
            char each = value.charAt(at);
            if (each == '"') {
                isQuoted = !isQuoted;
                continue;
            }
            if (isQuoted && each == '\\' && ++at < value.length()) {
                each = value.charAt(at);
            }
            boolean isEncoded = each == '%';
            int octet = isEncoded ? octet(value, at) : each;
            if (octet < 0 || (!isEncoded && (octet < ' ' || octet > '~'))) {
                return Optional.empty();
            }
            bytes.write(octet);
            at += isEncoded ? 2 : 0;
        }
        return isQuoted ? Optional.empty() : utf8(bytes.toByteArray());
    }

    /** What two hexadecimal digits after a percent sign stand for; -1 when they are not there. */
    private static int octet(String value, int at) {
        if (at + 2 >= value.length()) {
            return -1;
        }
        int high = Character.digit(value.charAt(at + 1), 16);
        int low = Character.digit(value.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) + low;
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException otherwise) {
            return Optional.empty();
        }
    }

    private static void data(CloudEvent event, @Nullable String contentType, byte[] body) {
        if (body.length == 0) {
            return;
        }
        if (contentType != null && CloudEventRules.isJson(contentType) && CloudEventRules.isUtf8(contentType)) {
            JsonText.fault(body, false).ifPresent(fault -> {
                throw Problem.of(400, "The body " + fault);
            });
            event.data(body, null);
            return;
        }
        Optional<String> text =
                contentType != null && CloudEventRules.isUtf8Text(contentType) ? utf8(body) : Optional.empty();
        if (text.isPresent()) {
            event.data(string(text.get()), null);
        } else {
            event.data(string(Base64.getEncoder().encodeToString(body)), CloudEventRules.BASE64);
        }
    }

    private static byte[] string(String text) {
        return Json.write(TextNode.valueOf(text));
    }
}
