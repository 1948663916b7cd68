package io.longline.api;

import io.longline.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileProps;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's own certificate, read again when its files change, so that a renewal needs no restart. Connections that are
 * open keep what they began with; files that cannot be used leave the old certificate in place. For one verticle.
 */
final class ServerCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);
    private static final long LOOK_EVERY_MILLIS = 2_000;

    private final String certificate;
    private final String key;
    private String seen = "";

    private ServerCertificate(String certificate, String key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** The certificate that the settings name, if they name one. */
    static Optional<ServerCertificate> of(Settings.Server settings) {
        String certificate = settings.tlsCertificate();
        String key = settings.tlsKey();
        return certificate == null || key == null
                ? Optional.empty()
                : Optional.of(new ServerCertificate(certificate, key));
    }

    PemKeyCertOptions options() {
        return new PemKeyCertOptions().setCertPath(certificate).setKeyPath(key);
    }

    /** Looks at the files from time to time, for as long as the verticle runs. */
    void watch(Vertx vertx, HttpServer server) {
        stamp(vertx).onComplete(first -> {
            seen = first.succeeded() ? first.result() : "";
            look(vertx, server);
        });
    }

    private void look(Vertx vertx, HttpServer server) {
        vertx.setTimer(
                LOOK_EVERY_MILLIS,
                id -> stamp(vertx)
                        .compose(now -> now.equals(seen) ? Future.succeededFuture() : reload(server, now))
                        .onFailure(fault -> LOG.warn(
                                "the certificate {} cannot be read; the one before stays in use: {}",
                                certificate,
                                fault.getMessage()))
                        .onComplete(done -> look(vertx, server)));
    }

    private Future<Void> reload(HttpServer server, String now) {
        // Files that cannot be used are tried again only once they change.
        seen = now;
        return server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(options()), true)
                .onSuccess(updated -> LOG.info("the certificate {} was read again", certificate))
                .mapEmpty();
    }

    private Future<String> stamp(Vertx vertx) {
        Future<FileProps> one = vertx.fileSystem().props(certificate);
        Future<FileProps> other = vertx.fileSystem().props(key);
        return Future.all(one, other).map(both -> text(one.result()) + text(other.result()));
    }

    private static String text(FileProps file) {
        return file.lastModifiedTime() + "/" + file.size() + " ";
    }
}
