package io.longline.format;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.samskivert.mustache.Mustache;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** How values are kept from breaking out of where a template puts them. */
final class Escapes {
    /** For values between the quotes of a JSON string. */
    static final Mustache.Escaper JSON =
            raw -> String.valueOf(JsonStringEncoder.getInstance().quoteAsString(raw));

    /** The same for Slack's markup, in which a value could otherwise mention a whole channel. */
    static final Mustache.Escaper SLACK = raw -> JSON.escape(SlackMessage.escaped(raw));

    private static final Mustache.Escaper FORM = raw -> URLEncoder.encode(raw, StandardCharsets.UTF_8);
    private static final Mustache.Escaper NONE = raw -> raw;

    private Escapes() {}

    /** The media type that a webhook's own headers name, without parameters; JSON when they name none. */
    static String mediaType(Map<String, String> headers) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase("Content-Type")) {
                return header.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            }
        }
        return Formats.JSON;
    }

    static boolean isJson(String mediaType) {
        return mediaType.equals(Formats.JSON) || mediaType.endsWith("+json");
    }

    static Mustache.Escaper of(String mediaType) {
        if (isJson(mediaType)) {
            return JSON;
        }
        return mediaType.equals("application/x-www-form-urlencoded") ? FORM : NONE;
    }
}
