package io.longline.api;

import io.longline.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens and routes. Several share one port, each on an event loop of its own. */
public final class ApiVerticle extends VerticleBase {
    private static final int IDLE_SECONDS = 75;
    /** What is being answered at a stop gets this long. */
    private static final long GRACE_SECONDS = 2;

    static final int MAX_HEADER_BYTES = 16_384;
    static final int MAX_REQUEST_LINE = 8_192;
    /** For Vert.x a free port that all servers asking for the same negative number share; with 0 each has its own. */
    private static final int ANY_SHARED_PORT = -1;

    private final ApiParts parts;
    private final Optional<ServerCertificate> certificate;
    private @Nullable HttpServer server;

    public ApiVerticle(ApiParts parts) {
        this.parts = parts;
        this.certificate = ServerCertificate.of(parts.settings().server());
    }

    @Override
    public Future<?> start() {
        Settings.Server settings = parts.settings().server();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port() == 0 ? ANY_SHARED_PORT : settings.port())
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                // No call is a WebSocket's; without its compression there is one handler less on each connection.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        certificate.ifPresent(own -> options.setSsl(true).setKeyCertOptions(own.options()));
        HttpServer created = vertx.createHttpServer(options);
        server = created;
        ConnectionWatch watch = new ConnectionWatch(
                parts.time(),
                parts.connections(),
                parts.settings().limits().slowRequest(),
                Duration.ofSeconds(IDLE_SECONDS));
        watch.watch(vertx);
        Router router = router();
        return created.connectionHandler(watch::opened)
                .requestHandler(request -> {
                    if (watch.began(request)) {
                        router.handle(request);
                    }
                })
                .invalidRequestHandler(UnreadableRequest::refuse)
                .listen()
                .onSuccess(listening -> certificate.ifPresent(own -> own.watch(vertx, listening)));
    }

    /** The port that is listened on, once started. */
    public int port() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("not started");
        }
        return listening.actualPort();
    }

    private Router router() {
        Router router = Router.router(vertx);
        Gateway gateway = new Gateway(parts);
        router.route().handler(gateway::guard);
        // Backwards, so that a path spelt out comes before one with a parameter in that place.
        Map<String, Set<String>> methods = new TreeMap<>(Comparator.reverseOrder());
        for (Route route : Routes.of(parts)) {
            io.vertx.ext.web.Route listening = router.route(route.method(), route.routerPath());
            Set<String> allowed = methods.computeIfAbsent(route.routerPath(), path -> new TreeSet<>());
            allowed.add(route.method().name());
            if (route.method().equals(HttpMethod.GET)) {
                listening.method(HttpMethod.HEAD);
                allowed.add(HttpMethod.HEAD.name());
            }
            listening.handler(context -> gateway.handle(route, context));
        }
        methods.forEach(
                (path, allowed) -> router.route(path).handler(context -> notAllowed(gateway, context, allowed)));
        Assets assets = new Assets(vertx);
        router.route(HttpMethod.GET, "/*")
                .method(HttpMethod.HEAD)
                .handler(context -> assets.serve(context).onFailure(fault -> gateway.answer(context, fault)));
        router.route().handler(context -> gateway.answer(context, Problem.notFound()));
        router.route().failureHandler(context -> failed(gateway, context));
        // A path that cannot be decoded matches no route, not even the one above.
        router.errorHandler(UnreadableRequest.STATUS, context -> failed(gateway, context));
        return router;
    }

    private static void notAllowed(Gateway gateway, RoutingContext context, Set<String> allowed) {
        context.response().putHeader("Allow", String.join(", ", allowed));
        gateway.answer(context, Problem.of(405, "This takes only " + String.join(", ", allowed)));
    }

    /** What the router itself refuses, such as a path that cannot be decoded. */
    private static void failed(Gateway gateway, RoutingContext context) {
        Throwable fault = context.failure();
        int status = context.statusCode();
        boolean refused = status >= 400 && status < 500;
        gateway.answer(
                context,
                fault == null || refused ? Problem.of(refused ? status : 400, "The request cannot be read") : fault);
    }

    /** Takes no new connections. */
    @Override
    public Future<?> stop() {
        return server == null ? Future.succeededFuture() : server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS);
    }
}
