package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes webhooks by merge patch (RFC 7396), and takes them away. */
class WebhookChangeTest {
    private static final String FULL = "{\"url\":\"http://localhost:1/h\",\"events\":[\"a.*\"],\"retry_count\":7,"
            + "\"retry_delay\":9,\"retry_schedule\":[1,2],\"timeout\":4,\"headers\":{\"X-A\":\"1\",\"X-B\":\"2\"},"
            + "\"metadata\":{\"a\":{\"b\":1,\"c\":2},\"d\":[1,2]},\"description\":\"d\",\"rate_limit\":5,"
            + "\"max_in_flight\":3,\"paused\":true,\"active\":false,\"secret\":\"first secret\"}";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static Api api() {
        return SERVER.api();
    }

    private static String path() {
        Answer created = api().post("/api/webhooks", FULL);
        assertThat(created.status()).isEqualTo(201);
        return "/api/webhooks/" + created.id();
    }

    @Test
    void patch_changesOnlyWhatItNames() {
        String path = path();
        JsonNode before = api().get(path).json();

        Answer answer = api().patch(path, "{\"timeout\":44}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("timeout").asInt()).isEqualTo(44);
        for (String field :
                List.of("url", "events", "retry_count", "retry_schedule", "headers", "metadata", "secret_hint")) {
            assertThat(answer.json().path(field)).as(field).isEqualTo(before.path(field));
        }
        assertThat(api().get(path).json().path("timeout").asInt()).isEqualTo(44);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "active|true",
                "paused|false",
                "retry_count|3",
                "retry_delay|5",
                "retry_schedule|null",
                "timeout|30",
                "headers|{}",
                "metadata|{}",
                "description|null",
                "rate_limit|null",
                "max_in_flight|16"
            })
    void patch_putsAFieldGivenAsNullBackToItsDefault(String field, String expected) {
        Answer answer = api().patch(path(), "{\"" + field + "\":null}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path(field)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"url", "events"})
    void patch_cannotClearWhatIsRequired(String field) {
        Answer answer = api().patch(path(), "{\"" + field + "\":null}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/" + field);
    }

    @Test
    void patch_mergesObjectsNameByNameAndReplacesArrays() {
        Answer answer = api().patch(
                        path(),
                        "{\"headers\":{\"X-A\":null,\"X-C\":\"3\"},\"metadata\":{\"a\":{\"b\":null,\"e\":{\"f\":1.0}},\"d\":[3]},"
                                + "\"events\":[\"b\"]}");

        assertThat(answer.json().path("headers")).hasToString("{\"X-B\":\"2\",\"X-C\":\"3\"}");
        assertThat(answer.json().path("metadata")).hasToString("{\"a\":{\"c\":2,\"e\":{\"f\":1.0}},\"d\":[3]}");
        assertThat(answer.json().path("events")).hasToString("[\"b\"]");
    }

    @Test
    void patch_leavesOutNullsOfNestedObjectsThatAreNew() {
        Answer answer = api().patch(path(), "{\"metadata\":{\"new\":{\"gone\":null,\"kept\":1}}}");

        assertThat(answer.json().path("metadata").path("new")).hasToString("{\"kept\":1}");
    }

    @Test
    void patch_judgesTheOutcomeNotThePatch() {
        String path = path();
        StringBuilder headers = new StringBuilder();
        IntStream.range(0, 31)
                .forEach(n -> headers.append(n == 0 ? "" : ",")
                        .append("\"Y-")
                        .append(n)
                        .append("\":\"1\""));

        Answer answer = api().patch(path, "{\"headers\":{" + headers + "}}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/headers");
        assertThat(api().get(path).json().path("headers")).hasSize(2);
    }

    @Test
    void patch_namesAllFaultsAndStoresNothingOfIt() {
        String path = path();

        Answer answer = api().patch(
                        path,
                        "{\"timeout\":44,\"tenant\":\"other\",\"id\":\"wh_x\",\"created_at\":\"\",\"retry_count\":11,\"nothing\":1}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers())
                .containsExactlyInAnyOrder("/tenant", "/id", "/created_at", "/retry_count", "/nothing");
        assertThat(api().get(path).json().path("timeout").asInt()).isEqualTo(4);
    }

    @Test
    void patch_takesAnUnknownFieldGivenAsNullForAFault() {
        Answer answer = api().patch(path(), "{\"retries\":null}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/retries");
    }

    @Test
    void patch_takesMergePatchAsItsMediaType() {
        byte[] body = "{\"paused\":false}".getBytes(StandardCharsets.UTF_8);

        Answer answer =
                api().send("PATCH", path(), body, "Content-Type", "application/merge-patch+json; charset=utf-8");

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void patch_replacesTheSecretAtOnceWithoutShowingIt() {
        String path = path();

        Answer answer = api().patch(path, "{\"secret\":\"second secret!\"}");

        assertThat(answer.json().path("secret_hint").asText()).isEqualTo("ret!");
        assertThat(answer.text()).doesNotContain("second secret!");
        JsonNode now = api().get(path + "/secret").json();
        assertThat(now.path("secret").asText()).isEqualTo("second secret!");
        assertThat(now.path("previous_secret_expires_at").isNull()).isTrue();
    }

    @Test
    void patch_ofManyAtTheSameTimeLosesNoChange() {
        String path = path();

        List<CompletableFuture<Answer>> changes = IntStream.range(0, 4)
                .mapToObj(n -> api().sendAsync(
                                "PATCH",
                                path,
                                ("{\"metadata\":{\"k" + n + "\":" + n + "}}").getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/json"))
                .toList();

        assertThat(changes)
                .allSatisfy(change -> assertThat(change.join().status()).isEqualTo(200));
        assertThat(api().get(path).json().path("metadata").fieldNames())
                .toIterable()
                .contains("k0", "k1", "k2", "k3");
    }

    @Test
    void delete_hidesTheWebhookFromEveryCall() {
        String path = path();

        assertThat(api().delete(path).status()).isEqualTo(204);

        assertThat(api().get(path).status()).isEqualTo(404);
        assertThat(api().get(path + "/stats").status()).isEqualTo(404);
        assertThat(api().get(path + "/secret").status()).isEqualTo(404);
        assertThat(api().patch(path, "{}").status()).isEqualTo(404);
        assertThat(api().delete(path).status()).isEqualTo(404);
        assertThat(api().get("/api/webhooks?limit=500").text())
                .doesNotContain(path.substring(path.lastIndexOf('/') + 1));
    }
}
