package io.longline.catalogue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The regular expressions of one schema, by RE2/J, whose time grows with the length of a text and never beyond. What RE2
 * does not have (looking ahead or behind, references back) is refused rather than run otherwise. For any thread.
 */
final class Expressions implements RegularExpressionFactory {
    private static final int LONGEST = 1_000;
    private static final int LARGEST_PROGRAM = 10_000;

    /** Characters times instructions that count as one step of the budget. */
    private static final long WORK_OF_A_STEP = 100;

    /** RE2 has {@code \x{0041}} for what is {@code A} in ECMA-262, by which JSON Schema goes. */
    private static final java.util.regex.Pattern UNICODE_ESCAPE =
            java.util.regex.Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u([0-9a-fA-F]{4})");

    private final ConcurrentHashMap<String, RegularExpression> compiled = new ConcurrentHashMap<>();

    /** What is wrong with an expression, in words that follow its place; empty when nothing is. */
    static Optional<String> fault(String expression) {
        if (expression.length() > LONGEST) {
            return Optional.of("must have at most " + LONGEST + " characters");
        }
        try {
            return compile(expression).programSize() > LARGEST_PROGRAM
                    ? Optional.of("repeats too much: written out it is too large")
                    : Optional.empty();
        } catch (PatternSyntaxException malformed) {
            return Optional.of("is not an expression of RE2, which has no look-around and no back-references: "
                    + malformed.getDescription());
        }
    }

    private static Pattern compile(String expression) {
        return Pattern.compile(UNICODE_ESCAPE.matcher(expression).replaceAll("$1\\\\x{$2}"));
    }

    @Override
    public RegularExpression getRegularExpression(String expression) {
        return compiled.computeIfAbsent(expression, Expressions::matching);
    }

    private static RegularExpression matching(String expression) {
        Pattern pattern = compile(expression);
        long size = pattern.programSize();
        return text ->
                // Nothing is thrown here, since the library would log it; what is decided without a budget is not used.
                Budget.has(1 + text.length() * size / WORK_OF_A_STEP)
                        && pattern.matcher(text).find();
    }
}
