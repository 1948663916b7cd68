package io.longline.delivery;

import io.longline.config.Settings;
import io.longline.model.TimeSource;
import io.longline.security.AddressGuard;
import io.longline.security.Destination;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
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
    private final AddressGuard guard;
    private final NameResolver names;
    private final HttpClient client;
    private boolean closed;

    Sender(Vertx vertx, TimeSource time, Settings.Delivery settings, NameResolver names) {
        this.vertx = vertx;
        this.time = time;
        this.settings = settings;
        this.names = names;
        List<String> allowed = settings.allowedNetworks();
        this.guard = allowed == null ? AddressGuard.allowingEverything() : AddressGuard.blockingSpecialPurpose(allowed);
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_1_1)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setConnectTimeout(
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setDecompressionSupported(false)
                        .setVerifyHost(true)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(settings.maxInFlight()).setMaxWaitQueueSize(-1));
    }

    /** Makes a request; the future never fails: whatever happens is an outcome. */
    Future<Answer> send(OutgoingRequest request) {
        Exchange exchange = new Exchange(vertx, time, request, settings);
        if (Destination.fault(request.url()).isPresent()) {
            return exchange.blocked("The URL is not one that deliveries may go to");
        }
        Destination destination = Destination.of(request.url());
        addresses(destination)
                .onFailure(exchange::failed)
                .onSuccess(addresses -> connect(exchange, destination, addresses));
        return exchange.answer();
    }

    /** A literal waits for no look-up, however many names hang. */
    private Future<List<InetAddress>> addresses(Destination destination) {
        if (!destination.isLiteral()) {
            return names.resolve(destination.host());
        }
        try {
            return Future.succeededFuture(List.of(InetAddress.getAllByName(destination.host())));
        } catch (UnknownHostException fault) {
            return Future.failedFuture(fault);
        }
    }

    private void connect(Exchange exchange, Destination destination, List<InetAddress> addresses) {
        if (closed || exchange.isOver()) {
            return;
        }
        if (addresses.isEmpty() || addresses.stream().anyMatch(guard::isBlocked)) {
            exchange.blocked("The address of " + destination.host() + " is one that deliveries must not reach");
            return;
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(
                        destination.port(), addresses.get(0).getHostAddress()))
                .setHost(destination.hostInUrl())
                .setPort(destination.port())
                .setSsl(destination.tls())
                .setURI(destination.requestUri())
                .setFollowRedirects(false);
        client.request(options).onFailure(exchange::failed).onSuccess(exchange::begin);
    }

    Future<Void> close() {
        closed = true;
        return client.close();
    }
}
