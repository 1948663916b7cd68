package io.longline.api;

import io.longline.bus.SystemErrors.Where;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a call from the connection to its handler and the answer back: what every route has in common. The order matters:
 * who may call at all, then what may be sent, then the body, then the handler.
 */
final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** For whatever is not the dashboard: should a browser ever show it as a page, it may do nothing. */
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    /** In every answer; ready to be written, so that none of it is encoded again for each. */
    private static final Map<CharSequence, CharSequence> GUARDING = guarding(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "X-Frame-Options", "DENY",
            "Content-Security-Policy", NOTHING);

    private final ApiParts parts;
    private final boolean guarded;

    Gateway(ApiParts parts) {
        this.parts = parts;
        this.guarded = parts.settings().isKeyless();
    }

    private static Map<CharSequence, CharSequence> guarding(String... namesAndValues) {
        Map<CharSequence, CharSequence> headers = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            headers.put(
                    HttpHeaders.createOptimized(namesAndValues[index]),
                    HttpHeaders.createOptimized(namesAndValues[index + 1]));
        }
        return headers;
    }

    /** Refuses what comes from elsewhere; the first thing that happens to any request. */
    void guard(RoutingContext context) {
        GUARDING.forEach(context.response()::putHeader);
        try {
            parts.gatekeeper().limit(context.request());
            if (guarded) {
                LoopbackGuard.check(context.request());
            }
        } catch (Problem refused) {
            answer(context, refused);
            return;
        }
        context.next();
    }

    /** Handles a call of a route. */
    void handle(Route route, RoutingContext context) {
        Admission.Permit permit = parts.admission().permit();
        try {
            Caller caller = parts.gatekeeper().admit(context.request(), route.access());
            check(route, context);
            body(route, context, permit)
                    .compose(body -> route.endpoint()
                            .handle(new Call(
                                    context, caller, body, parts.gatekeeper().address(context.request()))))
                    .onComplete(done -> permit.release())
                    .onSuccess(response -> answer(context, response))
                    .onFailure(fault -> answer(route, context, fault));
        } catch (RuntimeException fault) {
            permit.release();
            answer(route, context, fault);
        }
    }

    private void answer(Route route, RoutingContext context, Throwable fault) {
        answer(context, fault);
        if (route.access() == Access.PUBLISH || route.access() == Access.SIGNED) {
            parts.metrics().answered(context.response().getStatusCode());
        }
    }

    private void check(Route route, RoutingContext context) {
        HttpServerRequest request = context.request();
        if (parts.state().isDraining() && !route.method().equals(HttpMethod.GET)) {
            throw Problem.unavailable("The server is stopping; try again shortly");
        }
        for (String name : queryNames(context)) {
            if (!route.queries().contains(name)) {
                throw Problem.of(400, "There is no query parameter " + printable(name) + " here");
            }
        }
        Body expected = route.body();
        boolean present = Body.isPresent(request);
        if (expected != null && (expected.required() || present)) {
            if (!expected.media().takes(request)) {
                throw Problem.of(415, "The body must be JSON, and Content-Type must say so");
            }
        }
    }

    private static Set<String> queryNames(RoutingContext context) {
        if (context.request().query() == null) {
            return Set.of();
        }
        try {
            return context.queryParams().names();
        } catch (HttpException undecodable) {
            throw Problem.of(400, "The query cannot be decoded");
        }
    }

    private static Future<byte[]> body(Route route, RoutingContext context, Admission.Permit permit) {
        Body expected = route.body();
        return expected == null ? Future.succeededFuture(new byte[0]) : expected.read(context.request(), permit::bytes);
    }

    private static void answer(RoutingContext context, Response response) {
        HttpServerResponse http = context.response();
        if (response.isUnderWay() || http.ended() || http.closed()) {
            return;
        }
        http.setStatusCode(response.status());
        response.headers().forEach(http::putHeader);
        if (response.mediaType().isEmpty()) {
            http.end();
        } else {
            http.putHeader("Content-Type", response.mediaType());
            http.end(Buffer.buffer(response.body()));
        }
    }

    /** Answers a failure: a problem as it is, a store that does not answer as 503, anything else as 500. */
    void answer(RoutingContext context, Throwable fault) {
        if (fault instanceof Problem problem) {
            write(context, problem);
        } else if (fault instanceof StoreUnavailableException) {
            write(context, Problem.unavailable("The store does not answer now: " + fault.getMessage()));
        } else if (!(fault instanceof HttpClosedException)) {
            LOG.error(
                    "{} {} failed and was answered 500",
                    context.request().method(),
                    context.request().path(),
                    fault);
            if (!(fault instanceof ServerFault)) {
                // Otherwise whoever was asked has raised it already.
                parts.errors().raise(Where.API, "a call was answered 500");
            }
            passOn(context, fault);
            write(context, Problem.of(500, "Something went wrong here; the server's log says what"));
        }
    }

    /** An error of the machine's is more than a call's: the handler of the context hears of it, and may end the process. */
    private static void passOn(RoutingContext context, Throwable fault) {
        if (fault instanceof Error error) {
            context.vertx().runOnContext(ignored -> {
                throw error;
            });
        }
    }

    private void write(RoutingContext context, Problem problem) {
        HttpServerResponse http = context.response();
        if (http.ended() || http.closed() || http.headWritten()) {
            return;
        }
        if (problem.retryAfterSeconds() > 0) {
            http.putHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
        }
        if (problem.status() == 401) {
            http.putHeader("WWW-Authenticate", "Bearer realm=\"longline\"");
        }
        if (Body.isPresent(context.request()) && !context.request().isEnded()) {
            // The rest of the body is not read: the connection is of no further use.
            http.putHeader("Connection", "close");
        }
        http.setStatusCode(problem.status()).putHeader("Content-Type", "application/problem+json");
        http.end(Buffer.buffer(Json.write(problem.json())));
    }

    private static String printable(String text) {
        return text.length() > 64 || !text.chars().allMatch(c -> c > 0x20 && c < 0x7F) ? "of that name" : text;
    }
}
