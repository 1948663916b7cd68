package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.security.KeySecret;
import io.longline.testing.RunningServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own TLS: by two settings, with cookies to match, and with certificates that are renewed as it runs. */
class ServerTlsTest {
    private static final String OPERATOR = "llk_operator";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        RunningServer.await(vertx.close());
    }

    private RunningServer server() {
        return RunningServer.start(
                folder,
                "auth.mode",
                "keys",
                "auth.keys",
                KeySecret.hashText(OPERATOR),
                "server.tls_certificate",
                folder.resolve("cert.pem").toString(),
                "server.tls_key",
                folder.resolve("key.pem").toString());
    }

    private void put(SelfSignedCertificate certificate) throws Exception {
        Files.copy(
                Path.of(certificate.privateKeyPath()), folder.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                Path.of(certificate.certificatePath()),
                folder.resolve("cert.pem"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private record Seen(int status, String cookie, String subject) {}

    private Seen signIn(int port) {
        var client = vertx.createHttpClient();
        try {
            return RunningServer.await(client.request(new RequestOptions()
                            .setMethod(HttpMethod.POST)
                            .setHost("localhost")
                            .setPort(port)
                            .setSsl(true)
                            .setSslOptions(
                                    new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm(""))
                            .setURI("/api/session"))
                    .compose(request -> request.putHeader("Content-Type", "application/json")
                            .send(Buffer.buffer("{\"key\":\"" + OPERATOR + "\"}")))
                    .map(ServerTlsTest::seen));
        } finally {
            RunningServer.await(client.close());
        }
    }

    private static Seen seen(HttpClientResponse response) {
        try {
            X509Certificate certificate = (X509Certificate)
                    response.request().connection().sslSession().getPeerCertificates()[0];
            return new Seen(
                    response.statusCode(),
                    response.getHeader("Set-Cookie"),
                    certificate.getSubjectX500Principal().getName());
        } catch (javax.net.ssl.SSLPeerUnverifiedException none) {
            throw new AssertionError(none);
        }
    }

    @Test
    void s13_underTls_theCookieIsSecureAndBoundToTheHost() throws Exception {
        put(SelfSignedCertificate.create("one.test"));
        try (RunningServer server = server()) {
            Seen seen = signIn(server.port());

            assertThat(seen.status).isEqualTo(201);
            assertThat(seen.subject).contains("one.test");
            assertThat(seen.cookie)
                    .startsWith("__Host-longline_session=")
                    .contains("; Secure", "; HTTPOnly", "; SameSite=Strict", "; Path=/")
                    .doesNotContain("Domain");
        }
    }

    @Test
    void renewedCertificate_isUsedWithoutARestart_andAnUnusableOneIsNot() throws Exception {
        put(SelfSignedCertificate.create("one.test"));
        try (RunningServer server = server()) {
            assertThat(signIn(server.port()).subject).contains("one.test");

            put(SelfSignedCertificate.create("two.test"));

            Awaitility.await().until(() -> signIn(server.port()).subject, subject -> subject.contains("two.test"));

            Files.writeString(folder.resolve("cert.pem"), "no certificate");

            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .until(() -> signIn(server.port()).subject, subject -> subject.contains("two.test"));

            put(SelfSignedCertificate.create("three.test"));

            Awaitility.await().until(() -> signIn(server.port()).subject, subject -> subject.contains("three.test"));
        }
    }
}
