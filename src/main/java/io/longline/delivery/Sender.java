package io.longline.delivery;

import io.longline.config.Settings;
import io.longline.model.TimeSource;
import io.longline.security.Destination;
import io.longline.security.ProxyAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.InetAddress;
import java.util.List;

/**
 * Makes HTTP requests to receivers: pooled connections, no redirects, one deadline for all of it, and no more of the
 * answer read than is allowed. The name is resolved first, every address is judged, and the connection goes to an address
 * that was judged. For the thread of one verticle.
 *
 * <p>This is the bare HTTP client rather than the web client, because cutting an answer short and ending an attempt at
 * its deadline both mean resetting the request.
 */
final class Sender {
    /** Shorter than the idle time of common servers, so that they rarely close a connection just being used again. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int MAX_HEADER_BYTES = 16_384;

    private final Vertx vertx;
    private final TimeSource time;
    private final Settings.Delivery settings;
    private final KnownDestinations destinations;
    private final NameResolver names;
    private final Deadlines deadlines;
    private final HttpClient client;
    private boolean closed;

    Sender(Vertx vertx, TimeSource time, Settings.Delivery settings, NameResolver names) {
        this.vertx = vertx;
        this.time = time;
        this.settings = settings;
        this.names = names;
        this.deadlines = new Deadlines(vertx, time);
        String proxy = settings.egress().proxy();
        this.destinations = new KnownDestinations(settings.rules(), proxy != null);
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_1_1)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setConnectTimeout(
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setDecompressionSupported(false)
                        .setVerifyHost(true)
                        .setTcpNoDelay(true)
                        .setProxyOptions(proxy == null ? null : proxy(proxy)),
                new PoolOptions().setHttp1MaxSize(settings.maxInFlight()).setMaxWaitQueueSize(-1));
    }

    private static ProxyOptions proxy(String url) {
        ProxyAddress address = ProxyAddress.parse(url).orElseThrow();
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(address.host())
                .setPort(address.port());
        if (address.user() != null) {
            options.setUsername(address.user()).setPassword(address.password());
        }
        return options;
    }

    /** Whether a request there has to wait for its host name to be looked up. */
    boolean mustLookUp(String url) {
        KnownDestinations.Known known = destinations.of(url);
        Destination destination = known.destination();
        return destination != null && known.ready() == null && !names.knows(destination.host());
    }

    /** As {@link #send(OutgoingRequest, Runnable)}. */
    Future<Answer> send(OutgoingRequest request) {
        return send(request, () -> {});
    }

    /**
     * Makes a request: whatever happens to it is an outcome. The future fails only with a
     * {@link NameResolver.NotBegunException}, when nothing was tried: the time of an attempt starts when its look-up does.
     *
     * @param lookedUp called when the host name had to be looked up and its addresses are known
     */
    Future<Answer> send(OutgoingRequest request, Runnable lookedUp) {
        KnownDestinations.Known known = destinations.of(request.url());
        Destination destination = known.destination();
        if (destination != null && known.ready() == null) {
            return names.begin(destination.host())
                    .compose(addresses -> send(request, destination, addresses, lookedUp));
        }
        Exchange exchange = new Exchange(deadlines, time, request, settings);
        if (known.ready() != null) {
            connect(exchange, List.of(known.ready()));
        } else {
            // Never at once: whoever has many of these would be called back before each call returns.
            vertx.runOnContext(ignored -> exchange.blocked(String.valueOf(known.refusal())));
        }
        return exchange.answer();
    }

    private Future<Answer> send(
            OutgoingRequest request, Destination destination, Future<List<InetAddress>> lookUp, Runnable lookedUp) {
        Exchange exchange = new Exchange(deadlines, time, request, settings);
        if (lookUp.isComplete()) {
            connectIfAllowed(exchange, destination, lookUp.result());
        } else {
            lookUp.onFailure(exchange::failed).onSuccess(addresses -> {
                lookedUp.run();
                connectIfAllowed(exchange, destination, addresses);
            });
        }
        return exchange.answer();
    }

    private void connectIfAllowed(Exchange exchange, Destination destination, List<InetAddress> addresses) {
        String refusal = destinations.refusal(destination, addresses);
        if (refusal == null) {
            connect(
                    exchange,
                    addresses.stream()
                            .map(address -> KnownDestinations.request(destination, address))
                            .toList());
        } else if (!exchange.isOver()) {
            exchange.blocked(refusal);
        }
    }

    /** Connects to the first address that takes the connection; all of them were judged. */
    private void connect(Exchange exchange, List<RequestOptions> ways) {
        if (closed || exchange.isOver()) {
            return;
        }
        List<RequestOptions> others = ways.subList(1, ways.size());
        client.request(ways.get(0)).onSuccess(exchange::begin).onFailure(fault -> {
            if (others.isEmpty()) {
                exchange.failed(fault);
            } else {
                connect(exchange, others);
            }
        });
    }

    Future<Void> close() {
        closed = true;
        return client.close();
    }
}
