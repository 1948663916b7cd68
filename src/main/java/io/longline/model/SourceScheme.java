package io.longline.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a source of a kind without rules of its own says about its calls.
 *
 * @param header the header with the signature or token; {@code null} for kinds that have one of their own
 * @param algorithm of the HMAC
 * @param encoding of the HMAC
 * @param signaturePrefix what stands in the header before the signature; empty for nothing
 * @param eventHeader the header that names the event; {@code null} when the body does
 * @param idHeader the header with the call's own identifier; {@code null} when there is none
 */
public record SourceScheme(
        @Nullable String header,
        Algorithm algorithm,
        Encoding encoding,
        String signaturePrefix,
        @Nullable String eventHeader,
        @Nullable String idHeader) {
    /** For the kinds that have rules of their own. */
    public static final SourceScheme OF_ITS_KIND =
            new SourceScheme(null, Algorithm.SHA256, Encoding.HEX, "", null, null);

    /** The hash of an HMAC. */
    public enum Algorithm {
        SHA256,
        SHA1,
        SHA512;

        /** As it is written. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads an algorithm as it is written. */
        public static Optional<Algorithm> parse(String text) {
            for (Algorithm algorithm : values()) {
                if (algorithm.text().equals(text)) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }
    }

    /** How the bytes of an HMAC are written. */
    public enum Encoding {
        HEX,
        BASE64;

        /** As it is written. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads an encoding as it is written. */
        public static Optional<Encoding> parse(String text) {
            for (Encoding encoding : values()) {
                if (encoding.text().equals(text)) {
                    return Optional.of(encoding);
                }
            }
            return Optional.empty();
        }
    }
}
