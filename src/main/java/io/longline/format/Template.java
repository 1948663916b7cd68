package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.longline.model.Payload;
import java.io.Writer;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A logic-less template (<a href="https://mustache.github.io/mustache.5.html">Mustache</a>) over an event. It sees JSON
 * values and nothing else: no Java object, no file, no other template. What it may do is counted, so that it ends soon
 * whatever it says, and its result is bounded. For any thread.
 */
public final class Template {
    /** The longest template taken, in characters. */
    public static final int LONGEST = 16_384;

    /** The longest result, in characters; as much as a payload may be by default. */
    static final int LONGEST_RESULT = 262_144;

    /** Values looked up and elements gone through at most, which takes milliseconds. */
    static final int MOST_STEPS = 100_000;

    /** What a tag begins with that changes the delimiters. */
    private static final String DELIMITERS = "{{=";

    /** Characters of an unclosed tag that are shown. */
    private static final int SHOWN = 40;

    private final com.samskivert.mustache.Template compiled;

    /** @param escaper what keeps values from breaking out of where they stand */
    Template(String text, Mustache.Escaper escaper) throws UnrenderableException {
        try {
            compiled = Mustache.compiler()
                    .defaultValue("")
                    .emptyStringIsFalse(true)
                    .withEscaper(escaper)
                    .withCollector(new JsonValues())
                    .compile(text);
            compiled.visit(new Check(!text.contains(DELIMITERS)));
        } catch (MustacheException malformed) {
            throw new UnrenderableException("does not parse: " + oneLine(malformed.getMessage()));
        } catch (StackOverflowError tooDeep) {
            throw new UnrenderableException("has sections nested too deeply");
        } catch (IndexOutOfBoundsException emptyTag) {
            throw new UnrenderableException("does not parse: a tag is empty");
        }
    }

    /** What is wrong with a template; empty when it parses. */
    public static Optional<String> fault(String text) {
        if (text.length() > LONGEST) {
            return Optional.of("must have at most " + LONGEST + " characters");
        }
        if (text.isBlank()) {
            return Optional.of("must not be blank");
        }
        try {
            new Template(text, Escapes.JSON);
            return Optional.empty();
        } catch (UnrenderableException malformed) {
            return Optional.of(String.valueOf(malformed.getMessage()));
        }
    }

    /** What the template makes of an event. */
    String render(Payload payload) throws UnrenderableException {
        Bounded out = new Bounded();
        try {
            compiled.execute(new Scope(Json.event(payload), new Budget()), out);
            return out.text.toString();
        } catch (Bounded.FullException full) {
            throw new UnrenderableException("The template makes more than " + LONGEST_RESULT + " characters");
        } catch (MustacheException.Context fault) {
            throw new UnrenderableException(
                    "The template fails at line " + fault.lineNo + ", '" + oneLine(fault.key) + "': " + reason(fault));
        } catch (MustacheException fault) {
            throw new UnrenderableException("The template fails: " + reason(fault));
        } catch (Budget.SpentException spent) {
            throw new UnrenderableException("The template fails: " + spent.getMessage());
        } catch (StackOverflowError tooDeep) {
            throw new UnrenderableException("The template has sections nested too deeply");
        }
    }

    private static String reason(MustacheException fault) {
        Throwable cause = fault.getCause();
        return oneLine(cause instanceof Budget.SpentException spent ? spent.getMessage() : fault.getMessage());
    }

    private static String oneLine(@Nullable String text) {
        return String.valueOf(text).replaceAll("\\p{Cntrl}+", " ");
    }

    /** An object or array of the event, and what the whole rendering may still do. */
    private record Scope(JsonNode node, Budget budget) {
        Object get(String name) {
            budget.step();
            JsonNode value = node.get(name);
            return value == null ? com.samskivert.mustache.Template.NO_FETCHER_FOUND : plain(value);
        }

        Iterator<?> elements() {
            Iterator<JsonNode> nodes = node.elements();
            return new Iterator<Object>() {
                @Override
                public boolean hasNext() {
                    return nodes.hasNext();
                }

                @Override
                public Object next() {
                    budget.step();
                    return plain(nodes.next());
                }
            };
        }

        /** What cannot be gone into becomes text as it would be read; null becomes nothing. */
        private Object plain(JsonNode value) {
            if (value.isContainerNode()) {
                return new Scope(value, budget);
            }
            if (value.isBoolean()) {
                return value.booleanValue();
            }
            return value.isNull() ? "" : value.asText();
        }

        /** An object or array put where a value stands is JSON. */
        @Override
        public String toString() {
            return node.toString();
        }
    }

    private static final class Budget {
        private int left = MOST_STEPS;

        private static final class SpentException extends RuntimeException {
            private static final long serialVersionUID = 1L;

            SpentException() {
                super("it takes more than " + MOST_STEPS + " steps", null, false, false);
            }
        }

        void step() {
            if (--left < 0) {
                throw new SpentException();
            }
        }
    }

    /** Reads JSON values only; whatever else there may be has no fields and no elements. */
    private static final class JsonValues implements Mustache.Collector {
        private static final Mustache.VariableFetcher FIELD = (context, name) -> ((Scope) context).get(name);
        private static final Mustache.VariableFetcher NONE =
                (context, name) -> com.samskivert.mustache.Template.NO_FETCHER_FOUND;

        @Override
        public @Nullable Iterator<?> toIterator(Object value) {
            if (value instanceof Scope scope) {
                return scope.node instanceof ArrayNode ? scope.elements() : null;
            }
            return value instanceof Iterable<?> none ? none.iterator() : null;
        }

        @Override
        public Mustache.VariableFetcher createFetcher(Object context, String name) {
            return context instanceof Scope ? FIELD : NONE;
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }

    /** Refuses what parses, and yet cannot be meant. */
    private record Check(boolean usualDelimiters) implements Mustache.Visitor {
        /** A tag that is never closed counts as text. */
        @Override
        public void visitText(String text) {
            int tag = text.indexOf("{{");
            if (usualDelimiters && tag >= 0) {
                String start = text.substring(tag, Math.min(text.length(), tag + SHOWN));
                throw new MustacheException("a tag is not closed: " + start);
            }
        }

        @Override
        public void visitVariable(String name) {}

        @Override
        public boolean visitInclude(String name) {
            throw new MustacheException("there are no other templates to include ('>" + name + "')");
        }

        @Override
        public boolean visitParent(String name) {
            throw new MustacheException("there are no other templates to build on ('<" + name + "')");
        }

        @Override
        public boolean visitBlock(String name) {
            throw new MustacheException("there are no other templates to fill ('$" + name + "')");
        }

        @Override
        public boolean visitSection(String name) {
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            return true;
        }
    }

    private static final class Bounded extends Writer {
        private final StringBuilder text = new StringBuilder();

        private static final class FullException extends RuntimeException {
            private static final long serialVersionUID = 1L;

            FullException() {
                super("full", null, false, false);
            }
        }

        @Override
        public void write(char[] characters, int from, int length) {
            if (text.length() + length > LONGEST_RESULT) {
                throw new FullException();
            }
            text.append(characters, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
