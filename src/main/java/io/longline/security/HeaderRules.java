package io.longline.security;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which request headers a webhook may set for itself, and which values are masked when they are kept. */
public final class HeaderRules {
    /** Headers for each webhook at most. */
    public static final int MOST = 32;

    /** Names and values together, in characters. */
    public static final int MOST_CHARACTERS = 8_192;

    /** What stands in place of a masked value. */
    public static final String MASK = "***";

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    /** What the name of a header that carries a secret has in it. */
    private static final String[] SECRET_WORDS = {
        "auth",
        "key",
        "token",
        "secret",
        "cookie",
        "passw",
        "passphrase",
        "pwd",
        "credential",
        "session",
        "signature",
        "jwt",
        "private"
    };

    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-length",
            "content-type",
            "user-agent",
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect");

    private HeaderRules() {}

    /** What is wrong with a header, in words that follow its place; empty when nothing is. */
    public static Optional<String> fault(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(name).matches()) {
            return Optional.of("must have a header name of letters, digits and hyphens");
        }
        if (RESERVED.contains(lower) || lower.startsWith("webhook-") || lower.startsWith("x-webhook-")) {
            return Optional.of("is set by Longline or the connection and cannot be given");
        }
        if (value.startsWith(Seal.RESERVED)) {
            return Optional.of("must have a value that does not begin with " + Seal.RESERVED);
        }
        boolean clean = value.chars().allMatch(character -> character == '\t' || isLatin1Printable(character));
        return clean ? Optional.empty() : Optional.of("must have a value of printable Latin-1 characters");
    }

    /** Whether a header can have that name. */
    public static boolean isName(String name) {
        return TOKEN.matcher(name).matches();
    }

    /** Whether the value of a header of that name looks like a secret. */
    public static boolean isSecret(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        for (String word : SECRET_WORDS) {
            if (lowerCase.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLatin1Printable(int character) {
        return (character >= 0x20 && character < 0x7F) || (character >= 0xA0 && character <= 0xFF);
    }
}
