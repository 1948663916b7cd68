package io.longline.api;

import io.longline.model.Grants;
import io.longline.model.IdGenerator;
import io.longline.model.Rfc3339;
import io.longline.model.Webhook;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request, as a handler sees it: parameters are read typed, and refused when they cannot be. */
final class Call {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST_LIMIT = 500;
    private static final int LONGEST_KEY = 255;
    /** A tenant that nothing belongs to, since no tenant can have that name. */
    private static final String NOBODY = "";

    private final RoutingContext context;
    private final Caller caller;
    private final byte[] body;
    private final String address;

    /** @param address where the request comes from */
    Call(RoutingContext context, Caller caller, byte[] body, String address) {
        this.context = context;
        this.caller = caller;
        this.body = body;
        this.address = address;
    }

    /** Who calls. */
    Caller caller() {
        return caller;
    }

    /** The same call, made by whoever has turned out to make it. */
    Call by(Caller other) {
        return new Call(context, other, body, address);
    }

    HttpServerRequest request() {
        return context.request();
    }

    /** The body's bytes; empty for a route that takes none. */
    byte[] body() {
        return body;
    }

    /** Whether the body is one JSON value to a line. */
    boolean isLines() {
        return Body.mediaType(context.request()).equals(Body.LINES);
    }

    /** An identifier in the path; one that cannot be names nothing. */
    <T> T id(Function<String, Optional<T>> parser) {
        return parser.apply(path("id")).orElseThrow(Problem::notFound);
    }

    String path(String name) {
        return Optional.ofNullable(context.pathParam(name)).orElseThrow(Problem::notFound);
    }

    @Nullable String header(String name) {
        return context.request().getHeader(name);
    }

    /** A header's value; {@code null} when it is absent, and when there are several, of which none can be trusted. */
    @Nullable String onlyHeader(String name) {
        List<String> values = context.request().headers().getAll(name);
        return values.size() == 1 ? values.get(0) : null;
    }

    /** A query parameter; {@code null} when it is absent. */
    @Nullable String query(String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw badParameter(name, "must be given once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    <T> @Nullable T query(String name, String expectation, Function<String, Optional<T>> parser) {
        String text = query(name);
        return text == null ? null : parser.apply(text).orElseThrow(() -> badParameter(name, expectation));
    }

    @Nullable Boolean flag(String name) {
        return query(name, "must be true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    @Nullable Instant time(String name) {
        return query(name, "must be an RFC 3339 time, like 2026-01-31T12:00:00Z", Call::instant);
    }

    @Nullable Integer whole(String name, int least, int most) {
        return query(name, "must be a whole number between " + least + " and " + most, text -> {
            try {
                int value = Integer.parseInt(text);
                return value >= least && value <= most ? Optional.of(value) : Optional.empty();
            } catch (NumberFormatException notANumber) {
                return Optional.empty();
            }
        });
    }

    /** The tenant that a list is narrowed to: the one asked for, and never another than the caller's own. */
    @Nullable String tenant() {
        String asked = namedTenant();
        String own = caller.grants().tenant();
        if (own == null) {
            return asked;
        }
        return asked == null || asked.equals(own) ? own : NOBODY;
    }

    /** The tenant of what the body makes, where only the query can name it. */
    String tenantToBe() {
        return caller.tenantFor(namedTenant());
    }

    /** The tenant that a call is about which is always about one: as {@link #tenant}, but the default one for all. */
    String oneTenant() {
        String tenant = tenant();
        return tenant == null ? Webhook.DEFAULT_TENANT : tenant;
    }

    /** The tenant that the query names; {@code null} when it names none. */
    @Nullable String namedTenant() {
        return query("tenant", TENANT_EXPECTATION, text -> isTenant(text) ? Optional.of(text) : Optional.empty());
    }

    /** The page of a list whose cursors are identifiers of that prefix. */
    PageRequest page(String prefix) {
        String cursor = cursor(text -> IdGenerator.isWellFormed(prefix, text) ? Optional.of(text) : Optional.empty());
        return new PageRequest(cursor, limit());
    }

    /** The place that an earlier page ended at; {@code null} for the first page. */
    <T> @Nullable T cursor(Function<String, Optional<T>> parser) {
        return query("cursor", "must be a next_cursor that was answered", parser);
    }

    int limit() {
        Integer limit = whole("limit", 1, MOST_LIMIT);
        return limit == null ? DEFAULT_LIMIT : limit;
    }

    /** The {@code Idempotency-Key}; {@code null} without one. */
    @Nullable String idempotencyKey() {
        String key = header("Idempotency-Key");
        boolean odd = key != null
                && (key.isBlank()
                        || key.length() > LONGEST_KEY
                        || !key.chars().allMatch(character -> character >= 0x20 && character < 0x7F));
        if (odd) {
            throw Problem.of(400, "Idempotency-Key must have 1 to " + LONGEST_KEY + " printable ASCII characters");
        }
        return key;
    }

    /** Where the request came from, as far as that can be told. */
    String remoteAddress() {
        return address;
    }

    static final String TENANT_EXPECTATION = "must have 1 to 64 letters, digits, dots, hyphens or underscores";

    static boolean isTenant(String text) {
        return Grants.isTenant(text);
    }

    /** Reads an RFC 3339 time of a four-digit year, with any offset. */
    static Optional<Instant> instant(String text) {
        return Rfc3339.parse(text);
    }

    static Problem badParameter(String name, String expectation) {
        return Problem.of(400, "The query parameter " + name + " " + expectation);
    }
}
