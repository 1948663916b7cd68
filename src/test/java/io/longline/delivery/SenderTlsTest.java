package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificate and name are checked, and what is wrong with them is said: S7, F11. */
@ExtendWith(VertxExtension.class)
class SenderTlsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String PASSWORD = "changeit";
    private static final char[] PASSWORD_CHARS = PASSWORD.toCharArray();
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    @TempDir
    static Path folder;

    private static String trustStoreBefore;
    private static String passwordBefore;

    private Wire wire;

    /** An authority of the test's own, which the JVM trusts for as long as the test runs, and what it signed. */
    @BeforeAll
    static void makeCertificates() throws Exception {
        key("authority", "-dname", "CN=Test Authority", "-ext", "bc:c");
        key("good", "-signer", "authority", "-dname", "CN=good", "-ext", "san=dns:receiver.test");
        key("other", "-signer", "authority", "-dname", "CN=other", "-ext", "san=dns:another.test");
        key(
                "expired",
                "-signer",
                "authority",
                "-dname",
                "CN=old",
                "-ext",
                "san=dns:receiver.test",
                "-startdate",
                "-10d");
        key("early", "-signer", "authority", "-dname", "CN=new", "-ext", "san=dns:receiver.test", "-startdate", "+9d");
        key("unknown", "-dname", "CN=self", "-ext", "san=dns:receiver.test");
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry("authority", made().getCertificate("authority"));
        Path trustStore = folder.resolve("trusted.p12");
        store(trusted, trustStore);
        trustStoreBefore = System.setProperty(TRUST_STORE, trustStore.toString());
        passwordBefore = System.setProperty(TRUST_STORE_PASSWORD, PASSWORD);
    }

    @AfterAll
    static void trustAsBefore() {
        restore(TRUST_STORE, trustStoreBefore);
        restore(TRUST_STORE_PASSWORD, passwordBefore);
    }

    @BeforeEach
    void open(Vertx vertx) {
        wire = new Wire(vertx, Map.of(), name -> new InetAddress[] {InetAddress.getByName("127.0.0.1")});
    }

    @AfterEach
    void close(VertxTestContext ending) {
        wire.end().onComplete(ending.succeedingThenComplete());
    }

    @Test
    void s7_certificateOfAKnownAuthorityForTheName_isAccepted() throws Exception {
        Answer answer = sendTo("good", "receiver.test");

        assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(200, null));
    }

    @ParameterizedTest
    @CsvSource({
        "unknown, receiver.test, The receiver's certificate is not signed by a known authority",
        "expired, receiver.test, The receiver's certificate has expired",
        "early, receiver.test, The receiver's certificate is not valid yet",
        "other, receiver.test, The receiver's certificate is for another name",
        "good, 127.0.0.1, The receiver's certificate is for another name",
    })
    void s7_certificateFault_endsTheAttemptWithItsReason(String certificate, String host, String reason)
            throws Exception {
        Answer answer = sendTo(certificate, host);

        assertThat(answer.outcome()).isEqualTo(new Outcome.TlsFault(reason));
        assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis() / 2.0);
    }

    @Test
    void f11_plainReceiverBehindAnHttpsUrl_isATlsFault() {
        try (RawReceiver plain = new RawReceiver(conversation -> conversation.write("HTTP/1.1 400 Bad\r\n\r\n"))) {
            Answer answer = wire.send("https://receiver.test:" + plain.port() + "/", TIMEOUT);

            assertThat(answer.outcome())
                    .isEqualTo(new Outcome.TlsFault("No secure connection could be agreed on with the receiver"));
        }
    }

    @Test
    void f11_handshakeThatHangs_endsAtTheDeadline() {
        try (RawReceiver silent = new RawReceiver(conversation -> {})) {
            Answer answer = wire.send("https://receiver.test:" + silent.port() + "/", Duration.ofMillis(500));

            assertThat(answer.outcome()).isEqualTo(new Outcome.TimedOut("No answer within 500 ms"));
            assertThat(answer.durationMillis()).isLessThan(2_500);
        }
    }

    @Test
    void f11_handshakeThatBreaksOff_isNoSuccessAndEndsAtOnce() {
        try (RawReceiver closing = new RawReceiver(conversation -> conversation.end())) {
            Answer answer = wire.send("https://receiver.test:" + closing.port() + "/", TIMEOUT);

            assertThat(answer.outcome()).isInstanceOfAny(Outcome.TlsFault.class, Outcome.Unreachable.class);
            assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis() / 2.0);
        }
    }

    private Answer sendTo(String certificate, String host) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                            .setSsl(true)
                            .setKeyCertOptions(new PfxOptions()
                                    .setPath(only(certificate).toString())
                                    .setPassword(PASSWORD)))
                    .requestHandler(request -> request.response().end("ok"))
                    .exceptionHandler(ignored -> {});
            Wire.await(server.listen(0, "127.0.0.1"));
            return wire.send("https://" + host + ":" + server.actualPort() + "/", TIMEOUT);
        } finally {
            Wire.await(vertx.close());
        }
    }

    /** A key store with one of the keys alone, since a server presents the first that fits. */
    private static Path only(String alias) throws GeneralSecurityException, IOException {
        KeyStore one = emptyStore();
        KeyStore all = made();
        one.setKeyEntry(alias, all.getKey(alias, PASSWORD_CHARS), PASSWORD_CHARS, all.getCertificateChain(alias));
        Path file = folder.resolve(alias + ".p12");
        store(one, file);
        return file;
    }

    private static void key(String alias, String... arguments) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", alias, "-keyalg", "EC"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-validity", "5"));
        command.addAll(List.of("-keystore", folder.resolve("all.p12").toString()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static KeyStore made() throws GeneralSecurityException, IOException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(folder.resolve("all.p12"))) {
            all.load(content, PASSWORD_CHARS);
        }
        return all;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    private static void store(KeyStore keys, Path file) throws GeneralSecurityException, IOException {
        try (OutputStream content = Files.newOutputStream(file)) {
            keys.store(content, PASSWORD_CHARS);
        }
    }

    private static void restore(String property, String before) {
        if (before == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, before);
        }
    }
}
