package io.longline.format;

import io.longline.model.Rfc3339;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents 1.0.2</a> for
 * attributes, and where an event keeps those that Longline's own form has no place for: under {@link #MEMBER} of its
 * metadata, by their names.
 */
public final class CloudEventRules {
    /** The only version there is of these rules. */
    public static final String SPEC_VERSION = "1.0";

    /** The media type of one event in the JSON format. */
    public static final String STRUCTURED = "application/cloudevents+json";

    /** The media type of several. */
    public static final String BATCH = "application/cloudevents-batch+json";

    /** The member of an event's metadata under which its attributes are. */
    public static final String MEMBER = "cloudevent";

    /**
     * Beside the attributes, whose names cannot have an underscore: how the event's data stands for what came.
     * {@link #BASE64} or {@link #NONE}; without it the data is what came.
     */
    public static final String DATA_ENCODING = "data_encoding";

    /** The data is a string of the bytes that came, in Base64. */
    public static final String BASE64 = "base64";

    /** No data came, which is told from the data {@code null}. */
    public static final String NONE = "none";

    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final int LONGEST_INTEGER = "-2147483648".length();
    private static final int LONGEST_MEDIA_TYPE = 1_000;

    private CloudEventRules() {}

    /** What is wrong with the name of an attribute, in words that follow its place; empty when nothing is. */
    public static Optional<String> nameFault(String name) {
        boolean plain = !name.isEmpty() && name.chars().allMatch(each -> isBetween(each, 'a', 'z') || isDigit(each));
        if (!plain) {
            return Optional.of("is no attribute's name, which has lower-case letters and digits alone");
        }
        return name.equals("data") ? Optional.of("is no attribute's name") : Optional.empty();
    }

    /** Whether it is an attribute of the specification's own, all of which are text. */
    public static boolean isCore(String name) {
        return switch (name) {
            case "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema" -> true;
            default -> false;
        };
    }

    /** What is wrong with an attribute's text, in words that follow its place; empty when nothing is. */
    public static Optional<String> fault(String name, String text) {
        if (!isText(text)) {
            return Optional.of("has a control character, or one that is no character");
        }
        if (isCore(name) && text.isEmpty()) {
            return Optional.of("must not be empty");
        }
        return switch (name) {
            case "source" -> fault(isUri(text, false), "must be a URI reference (RFC 3986)");
            case "dataschema" -> fault(isUri(text, true), "must be an absolute URI (RFC 3986)");
            case "time" ->
                fault(Rfc3339.parse(text).isPresent(), "must be an RFC 3339 time, like 2026-01-31T12:00:00Z");
            case "datacontenttype" -> fault(isMediaType(text), "must be a media type, like application/json");
            default -> Optional.empty();
        };
    }

    /** Whether a JSON number is one that an attribute may have: whole, of 32 bits, without an exponent. */
    public static boolean isInteger(String number) {
        boolean plain = number.length() <= LONGEST_INTEGER
                && number.chars().skip(number.startsWith("-") ? 1 : 0).allMatch(CloudEventRules::isDigit);
        return plain && Math.abs(Long.parseLong(number)) <= Integer.MAX_VALUE + (number.startsWith("-") ? 1L : 0L);
    }

    private static Optional<String> fault(boolean holds, String fault) {
        return holds ? Optional.empty() : Optional.of(fault);
    }

    /** Whether data of that media type is JSON; so it is when nothing else is said. */
    public static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return true;
        }
        String type = mediaType(contentType);
        return type.endsWith("/json") || type.endsWith("+json");
    }

    /** Whether data of that media type is text in UTF-8, which can be carried as a string. */
    public static boolean isUtf8Text(String contentType) {
        String type = mediaType(contentType);
        return isUtf8(contentType) && (type.startsWith("text/") || type.endsWith("/xml") || type.endsWith("+xml"));
    }

    /** Whether a media type names no other encoding than UTF-8, of which US-ASCII is a part. */
    public static boolean isUtf8(String contentType) {
        for (String parameter : contentType.toLowerCase(Locale.ROOT).split(";")) {
            String said = parameter.strip();
            if (said.startsWith("charset=")) {
                String charset = said.substring("charset=".length()).replace("\"", "");
                return charset.equals("utf-8") || charset.equals("us-ascii");
            }
        }
        return true;
    }

    private static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isMediaType(String text) {
        return text.length() <= LONGEST_MEDIA_TYPE
                && MEDIA_TYPE.matcher(text.split(";", 2)[0].strip()).matches();
    }

    private static boolean isUri(String text, boolean absolute) {
        if (!text.chars().allMatch(each -> isBetween(each, 0x21, 0x7E))) {
            return false;
        }
        try {
            URI uri = new URI(text);
            return !absolute || uri.isAbsolute();
        } catch (URISyntaxException noUri) {
            return false;
        }
    }

    private static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(each -> Character.isISOControl(each)
                        || isBetween(each, 0xD800, 0xDFFF)
                        || isBetween(each, 0xFDD0, 0xFDEF)
                        || (each & 0xFFFE) == 0xFFFE);
    }

    private static boolean isDigit(int character) {
        return isBetween(character, '0', '9');
    }

    private static boolean isBetween(int character, int least, int most) {
        return character >= least && character <= most;
    }
}
