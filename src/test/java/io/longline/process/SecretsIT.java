package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.EventStream;
import io.longline.testing.Receiver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** S9: a whole run with everything logged, and then a search for each secret in everything that it wrote. */
@Timeout(120)
class SecretsIT {
    private static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OPERATOR = "llk_the-operators-own-key";
    private static final String WRONG = "llk_a-wrong-key-somebody-tried";
    private static final String FIRST = "whsec_Zmlyc3Qtc2VjcmV0LW9mLXRoZS13ZWJob29rIQ==";
    private static final String SECOND = "a second secret, in words";
    private static final String TESTED = "a secret given to a test send";
    private static final String HEADER = "Bearer a-token-for-the-receiver";
    private static final String SOURCE = "the secret that a source verifies with";
    private static final String OUTBOX_PASSWORD = "password-of-the-applications-database";
    private static final String REFUSED = "whsec_!!!refused-secret-of-a-bad-body";

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    @TempDir
    Path folder;

    @Test
    void s9_noSecretStandsInTheStoreTheLogsOrTheAnswers() throws Exception {
        List<String> secrets = new ArrayList<>(
                List.of(MASTER_KEY, OPERATOR, WRONG, FIRST, SECOND, TESTED, HEADER, SOURCE, OUTBOX_PASSWORD, REFUSED));
        List<String> written = new ArrayList<>();
        List<String> streamed = new ArrayList<>();
        LonglineProcess server = LonglineProcess.serve(
                folder.resolve("longline.db"),
                "log.level=debug",
                "auth.mode=keys",
                "auth.keys=" + KeySecret.hashText(OPERATOR),
                "secrets.master_key=" + MASTER_KEY,
                "outbox.url=postgresql://app:" + OUTBOX_PASSWORD + "@127.0.0.1:9/app");
        try (EventStream stream =
                EventStream.open(server.port(), "/api/stream", "Authorization", "Bearer " + OPERATOR)) {
            Api api = new Api(server.port()).as(OPERATOR);
            secrets.addAll(run(server, api, written));
            Awaitility.await()
                    .until(() ->
                            api.get("/api/stats").json().at("/queue/pending").asInt() <= 1);
            for (String path : List.of(
                    "/api/webhooks",
                    "/api/events",
                    "/api/events/recent",
                    "/api/deliveries",
                    "/api/keys",
                    "/api/audit",
                    "/api/session",
                    "/api/sources",
                    "/api/settings",
                    "/api/replays",
                    "/api/stats/series?window=15m",
                    "/metrics",
                    "/api/stats")) {
                written.add(api.get(path).text());
            }
            for (String id : api.get("/api/deliveries").each("id")) {
                written.add(api.get("/api/deliveries/" + id).text());
            }
            Stream.of("delivery", "webhook", "stats")
                    .flatMap(kind -> stream.all(kind).stream())
                    .forEach(heard -> streamed.add(heard.data().toString()));
            assertThat(server.stop()).isZero();
            written.addAll(server.out());
            written.addAll(server.err());
        } finally {
            server.close();
        }
        written.addAll(files());

        assertThat(secrets).hasSize(13);
        assertThat(streamed).isNotEmpty();
        // A webhook's own headers are its owner's to read; they are shown nowhere else, and sealed in the store.
        written.removeIf(text -> text.startsWith("{\"data\":[{\"id\":\"wh_"));
        for (String secret : secrets) {
            assertThat(written).as("nothing that was written holds " + secret).noneMatch(text -> text.contains(secret));
            assertThat(streamed)
                    .as("nothing that was streamed holds " + secret)
                    .noneMatch(text -> !secret.equals(HEADER) && text.contains(secret));
        }
    }

    /** Uses everything that has a secret; answers those that the server made. */
    private List<String> run(LonglineProcess server, Api api, List<String> written) {
        RECEIVER.answers("/failing", 500);
        String headers = "\"headers\":{\"Authorization\":\"" + HEADER + "\"}";
        String one = webhook(api, "/works", "\"secret\":\"" + FIRST + "\"," + headers);
        webhook(api, "/failing", headers);
        Answer made = api.post("/api/keys", "{\"name\":\"made\",\"scopes\":[\"read\"]}");
        String key = made.json().path("key").asText();
        Answer signedIn = new Api(server.port()).post("/api/session", "{\"key\":\"" + key + "\"}");
        String cookie = signedIn.header("Set-Cookie").split("[=;]")[1];
        written.add(new Api(server.port()).as(WRONG).get("/api/stats").text());
        written.add(api.post(
                        "/api/webhooks",
                        "{\"url\":\"http://a.example\",\"events\":[\"*\"],\"secret\":\"" + REFUSED + "\"}")
                .text());
        assertThat(api.post("/api/sources", "{\"name\":\"given\",\"kind\":\"github\",\"secret\":\"" + SOURCE + "\"}")
                        .status())
                .isEqualTo(201);
        api.trigger("secrets.a");
        Answer rotated = api.post("/api/webhooks/" + one + "/secret/rotate", "{\"secret\":\"" + SECOND + "\"}");
        assertThat(rotated.status()).isEqualTo(200);
        api.trigger("secrets.b");
        assertThat(api.get("/api/webhooks/" + one + "/secret").text()).contains(SECOND);
        String generated = api.post("/api/webhooks/" + one + "/secret/rotate", "{}")
                .json()
                .path("secret")
                .asText();
        written.add(api.post(
                        "/api/webhooks/test",
                        "{\"url\":\"" + RECEIVER.url("/test") + "\",\"secret\":\"" + TESTED + "\"}")
                .text());
        return List.of(key, cookie, generated);
    }

    private static String webhook(Api api, String path, String more) {
        Answer made = api.post(
                "/api/webhooks",
                "{\"url\":\"" + RECEIVER.url(path) + "\",\"events\":[\"secrets.*\"],\"retry_count\":0," + more + "}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return made.id();
    }

    private List<String> files() throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path file : inside.filter(Files::isRegularFile).toList()) {
                contents.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(contents).isNotEmpty();
        return contents;
    }
}
