package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme;
import io.longline.model.SourceScheme.Algorithm;
import io.longline.model.SourceScheme.Encoding;
import io.longline.policy.EventPattern;
import io.longline.security.HeaderRules;
import io.longline.security.InboundSecret;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a caller says of a source; every fault at once. */
final class SourceForm {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final int LONGEST_PREFIX = 64;
    private static final int LONGEST_HEADER = 100;
    private static final int LONGEST_SIGNATURE_PREFIX = 32;
    private static final Set<String> OF_OWN_HEADERS = Set.of("header", "event_header", "id_header");
    private static final Set<String> OF_HMAC = Set.of("algorithm", "encoding", "signature_prefix");

    private final Fields fields;
    private final Faults faults;

    private SourceForm(Fields fields, Faults faults) {
        this.fields = fields;
        this.faults = faults;
    }

    /** A new source from a body. */
    static Source create(JsonNode body, SourceId id, Caller caller, Instant now) {
        Faults faults = new Faults();
        return new SourceForm(Fields.of(body, faults), faults).source(id, caller, now);
    }

    private Source source(SourceId id, Caller caller, Instant now) {
        String name = required("name", fields.text("name", 1_000));
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            faults.add(
                    "/name",
                    "must have 1 to 64 lower-case letters, digits, hyphens or underscores, the first a letter or digit");
        }
        String kindText = required("kind", fields.text("kind", 1_000));
        Optional<SourceKind> parsed = SourceKind.parse(kindText);
        if (!kindText.isEmpty() && parsed.isEmpty()) {
            faults.add("/kind", oneOf(SourceKind.values(), SourceKind::text));
        }
        SourceKind kind = parsed.orElse(SourceKind.HMAC);
        String secret = required("secret", fields.text("secret", 1_000));
        if (!secret.isEmpty()) {
            faults.add("/secret", InboundSecret.fault(kind, secret));
        }
        String tenant = fields.tenant();
        String prefix = eventPrefix();
        if (parsed.isPresent()) {
            refuseWhatTheKindHasNot(kind);
        }
        SourceScheme scheme = scheme(kind);
        fields.refuseOthers();
        faults.refuseIfAny();
        String usualPrefix = kind.isOfOneProvider() ? kind.text() : name;
        return new Source(
                id, caller.tenantFor(tenant), name, kind, secret, prefix == null ? usualPrefix : prefix, scheme, now);
    }

    /** An empty text is no better than none. */
    private String required(String name, @Nullable String text) {
        if (fields.get(name) == null || (text != null && text.isEmpty())) {
            faults.add(Fields.at(name), "is required");
        }
        return text == null ? "" : text;
    }

    private @Nullable String eventPrefix() {
        String prefix = fields.text("event_prefix", LONGEST_PREFIX);
        if (prefix != null) {
            Optional<String> fault = EventPattern.nameFault(prefix);
            faults.add("/event_prefix", fault);
            if (fault.isEmpty() && (prefix.startsWith(".") || prefix.endsWith("."))) {
                faults.add("/event_prefix", "must not begin or end with a dot");
            }
        }
        return prefix;
    }

    private void refuseWhatTheKindHasNot(SourceKind kind) {
        for (String name : OF_OWN_HEADERS) {
            if (fields.get(name) != null && !kind.namesItsHeader()) {
                faults.add(Fields.at(name), "is only for the kinds hmac and token");
            }
        }
        for (String name : OF_HMAC) {
            if (fields.get(name) != null && kind != SourceKind.HMAC) {
                faults.add(Fields.at(name), "is only for the kind hmac");
            }
        }
    }

    private SourceScheme scheme(SourceKind kind) {
        String header = header("header");
        if (fields.get("header") == null && kind.namesItsHeader() && fields.get("kind") != null) {
            faults.add("/header", "is required for the kinds hmac and token");
        }
        Algorithm algorithm = word("algorithm", Algorithm.values(), Algorithm::text, Algorithm.SHA256);
        Encoding encoding = word("encoding", Encoding.values(), Encoding::text, Encoding.HEX);
        String prefix = fields.text("signature_prefix", LONGEST_SIGNATURE_PREFIX);
        if (prefix != null && !prefix.chars().allMatch(character -> character > 0x20 && character < 0x7F)) {
            faults.add("/signature_prefix", "must have printable ASCII characters without spaces");
        }
        return new SourceScheme(
                header, algorithm, encoding, prefix == null ? "" : prefix, header("event_header"), header("id_header"));
    }

    private @Nullable String header(String name) {
        String header = fields.text(name, LONGEST_HEADER);
        if (header != null && !HeaderRules.isName(header)) {
            faults.add(Fields.at(name), "must be a header name of letters, digits and hyphens");
        }
        return header;
    }

    private <T> T word(String name, T[] words, Function<T, String> text, T usual) {
        String given = fields.text(name, 1_000);
        if (given == null) {
            return usual;
        }
        Optional<T> word = Arrays.stream(words)
                .filter(each -> text.apply(each).equals(given))
                .findFirst();
        if (word.isEmpty()) {
            faults.add(Fields.at(name), oneOf(words, text));
        }
        return word.orElse(usual);
    }

    private static <T> String oneOf(T[] words, Function<T, String> text) {
        List<String> all = Arrays.stream(words).map(text).toList();
        return "must be " + String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1);
    }
}
