package io.longline.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Immutable; for any thread. */
final class Expression {
    /** The longest expression, in characters. */
    static final int LONGEST = 4_096;

    private static final String VARIABLE = "event";
    private static final Pattern PLACE = Pattern.compile("(?s)evaluation error(?: at <input>:(\\d+))?: (.*)");
    private static final Language FILTERS = new Language(Limits.FILTER);
    private static final Language TRANSFORMS = new Language(Limits.TRANSFORM);

    private final String source;
    private final CelType type;
    private final CelRuntime.Program program;
    private final Limits limits;

    /** What compiles and runs expressions of one kind. */
    private static final class Language {
        private final Limits limits;
        private final CelCompiler compiler;
        private final CelRuntime runtime;

        Language(Limits limits) {
            this.limits = limits;
            CelOptions options = CelOptions.current()
                    .comprehensionMaxIterations(limits.iterations())
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(LONGEST)
                    .build();
            compiler = CelCompilerFactory.standardCelCompilerBuilder()
                    .setOptions(options)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar(VARIABLE, MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .build();
            runtime = CelRuntimeFactory.legacyCelRuntimeBuilder()
                    .setOptions(options)
                    .build();
        }
    }

    private Expression(String source, CelType type, CelRuntime.Program program, Limits limits) {
        this.source = source;
        this.type = type;
        this.program = program;
        this.limits = limits;
    }

    static Expression compile(String source, Limits limits) throws ExpressionException {
        Language language = limits == Limits.FILTER ? FILTERS : TRANSFORMS;
        try {
            CelValidationResult result = language.compiler.compile(source);
            if (result.hasError()) {
                throw new ExpressionException(describe(result.getErrors().get(0)));
            }
            CelAbstractSyntaxTree tree = result.getAst();
            return new Expression(source, tree.getResultType(), language.runtime.createProgram(tree), language.limits);
        } catch (CelValidationException | CelEvaluationException fault) {
            throw new ExpressionException("does not compile: " + oneLine(String.valueOf(fault.getMessage())));
        }
    }

    private static String describe(CelIssue issue) {
        int line = issue.getSourceLocation().getLine();
        String place = line < 1
                ? ""
                : " (line " + line + ", column " + (issue.getSourceLocation().getColumn() + 1) + ")";
        return "does not compile" + place + ": " + oneLine(issue.getMessage().replace(" (in container '')", ""));
    }

    CelType type() {
        return type;
    }

    /** Evaluates; fails with words that tell line and column where they are known. */
    Object evaluate(EventVariable event, LongSupplier monotonicNanos) throws ExpressionException {
        Map<String, Object> variables = Map.of(VARIABLE, event.value());
        for (int go = 1; ; go++) {
            try {
                return program.trace(variables, limits.watch(monotonicNanos)::step);
            } catch (CelEvaluationException fault) {
                Limits.ExhaustedException exhausted = exhausted(fault);
                if (exhausted == null) {
                    throw new ExpressionException(describe(String.valueOf(fault.getMessage())));
                }
                if (!exhausted.isOfTime() || go == limits.goes()) {
                    throw new ExpressionException(String.valueOf(exhausted.getMessage()));
                }
            }
        }
    }

    private static Limits.@Nullable ExhaustedException exhausted(CelEvaluationException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof Limits.ExhaustedException exhausted) {
                return exhausted;
            }
        }
        return null;
    }

    private String describe(String message) {
        Matcher parts = PLACE.matcher(message);
        if (!parts.matches()) {
            return oneLine(message);
        }
        return parts.group(1) == null
                ? oneLine(parts.group(2))
                : place(Integer.parseInt(parts.group(1))) + ": " + oneLine(parts.group(2));
    }

    /** The language counts characters from the beginning. */
    private String place(int offset) {
        int line = 1;
        int column = 1;
        int[] characters = source.codePoints().limit(offset).toArray();
        for (int character : characters) {
            line += character == '\n' ? 1 : 0;
            column = character == '\n' ? 1 : column + 1;
        }
        return "line " + line + ", column " + column;
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\v]+", " ").strip();
    }
}
