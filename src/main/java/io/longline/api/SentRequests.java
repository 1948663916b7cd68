package io.longline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.api.RawObject.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what another system has sent: an array of requests, or one to a line. */
final class SentRequests {
    /** How many are compared at once. */
    static final int MOST = 1_000;

    /** How much is read at once. */
    static final int MOST_BYTES = 16 * 1_048_576;

    /** Bodies become trees, one after the other. */
    private static final int MOST_BODY_BYTES = 1_048_576;

    private static final Set<String> FIELDS = Set.of("headers", "body", "key");

    private final Faults faults = new Faults();
    private final List<SentRequest> requests = new ArrayList<>();
    private int read;

    /**
     * A request that was sent.
     *
     * @param index its place among those given
     * @param headers by their names in lower case; {@code null} when they were not given
     * @param text the body, as text; {@code null} when it was given as JSON
     * @param json the body as JSON, when it was given so
     * @param key what pairs it; {@code null} when that is to be found in the body
     */
    record SentRequest(
            int index,
            @Nullable Map<String, String> headers,
            @Nullable String text,
            @Nullable Value json,
            @Nullable String key) {
        /** The body; as it was sent, if it was given as text. */
        byte[] body() {
            if (text != null) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            return json == null ? new byte[0] : json.bytes();
        }
    }

    private SentRequests() {}

    /** The requests of a body. */
    static List<SentRequest> read(byte[] body, boolean isLines) {
        Json.checkText(body);
        SentRequests read = new SentRequests();
        if (isLines) {
            read.lines(body);
        } else {
            read.array(body);
        }
        read.faults.refuseIfAny();
        if (read.requests.isEmpty()) {
            throw tooMany();
        }
        return read.requests;
    }

    private static Problem tooMany() {
        return Problem.invalid("", "must have 1 to " + MOST + " requests");
    }

    private void array(byte[] body) {
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Problem.of(422, "The body must be a JSON array of requests, or one to a line");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                element(parser, body, 0);
            }
            if (parser.nextToken() != null) {
                throw Problem.of(400, "The body has something after its JSON array");
            }
        } catch (IOException malformed) {
            throw Json.notJson(malformed);
        }
    }

    private void lines(byte[] body) {
        for (BodyLines lines = new BodyLines(body); lines.next(); ) {
            try (JsonParser parser = Json.parser(body, lines.from(), lines.length())) {
                parser.nextToken();
                element(parser, body, lines.from());
                if (parser.nextToken() != null) {
                    throw Problem.of(400, "Line " + lines.number() + " has something after its JSON object");
                }
            } catch (IOException malformed) {
                throw Json.notJson(malformed, lines.number() - 1);
            }
        }
    }

    /** The element that the parser stands at. */
    private void element(JsonParser parser, byte[] body, int offset) throws IOException {
        int index = read++;
        if (index == MOST) {
            throw tooMany();
        }
        String pointer = "/" + index;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            faults.add(pointer, "must be an object");
            parser.finishToken();
            parser.skipChildren();
            return;
        }
        RawObject object = RawObject.read(parser, parser.currentToken(), body, offset);
        for (String name : object.names()) {
            if (!FIELDS.contains(name)) {
                faults.add(Faults.pointer(pointer, name), "is not a field of this request");
            }
        }
        Value sent = object.getEvenNull("body");
        if (sent == null) {
            faults.add(pointer + "/body", "is required");
        }
        if (sent != null && sent.to() - sent.from() > MOST_BODY_BYTES) {
            faults.add(pointer + "/body", "must have at most " + MOST_BODY_BYTES + " bytes");
        }
        Value key = object.get("key");
        if (key != null && key.text() == null) {
            faults.add(pointer + "/key", "must be a string");
        }
        Map<String, String> headers = headers(object.get("headers"), pointer + "/headers");
        String text = sent == null ? null : sent.text();
        requests.add(
                new SentRequest(index, headers, text, text == null ? sent : null, key == null ? null : key.text()));
    }

    private @Nullable Map<String, String> headers(@Nullable Value given, String pointer) {
        if (given == null) {
            return null;
        }
        if (!given.isObject()) {
            faults.add(pointer, "must be an object");
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> header : Json.read(given.bytes()).properties()) {
            if (header.getValue().isTextual()) {
                headers.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().textValue());
            } else {
                faults.add(Faults.pointer(pointer, header.getKey()), "must be a string");
            }
        }
        return headers;
    }
}
