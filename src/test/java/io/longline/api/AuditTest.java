package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every change and every secret shown is noted: who, what, when, from where. */
class AuditTest {
    private static final String OPERATOR = "llk_operator";
    private static final String ACTOR =
            "settings:" + KeySecret.hashText(OPERATOR).substring(0, 8);

    @RegisterExtension
    static final RunningServer SERVER =
            RunningServer.with("auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR));

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private final Api api = SERVER.api().as(OPERATOR);

    @Test
    void everyChangeAndEverySecretShown_isNotedWithWhoWhatAndFromWhere() {
        String webhook = api.register(RECEIVER.url("/"), "audited").id();
        String one = "/api/webhooks/" + webhook;
        api.patch(one, "{\"description\":\"changed\"}");
        api.get(one + "/secret");
        api.post(one + "/secret/rotate", "{}");
        api.post("/api/webhooks/test", "{\"webhook_id\":\"" + webhook + "\"}");
        api.delete(one);

        Answer noted = api.get("/api/audit?subject=" + webhook);

        assertThat(noted.each("action"))
                .containsExactly(
                        "webhook.delete",
                        "webhook.test",
                        "webhook.secret.rotate",
                        "webhook.secret.read",
                        "webhook.update",
                        "webhook.create");
        assertThat(noted.json().path("data")).allSatisfy(entry -> {
            assertThat(entry.path("actor").asText()).isEqualTo(ACTOR);
            assertThat(entry.path("address").asText()).isEqualTo("127.0.0.1");
            assertThat(entry.path("tenant").asText()).isIn("default", "*");
        });
    }

    @Test
    void whatIsDoneToDeliveriesAndEvents_isNoted() {
        RECEIVER.answers("/failing", 500);
        api.register(RECEIVER.url("/failing"), "noted");
        String event = api.trigger("noted").id();
        String delivery =
                api.get("/api/deliveries?event_id=" + event).each("id").get(0);

        api.post("/api/events/" + event + "/replay", "{}");
        api.post("/api/deliveries/" + delivery + "/cancel", "");
        api.post("/api/deliveries/" + delivery + "/retry", "");

        assertThat(api.get("/api/audit?subject=" + event).each("action")).containsExactly("event.replay");
        assertThat(api.get("/api/audit?subject=" + delivery).each("action"))
                .containsExactly("delivery.retry", "delivery.cancel");
    }

    @Test
    void whatIsRefused_isNotNoted() {
        String webhook = api.register(RECEIVER.url("/"), "refused").id();

        api.patch("/api/webhooks/" + webhook, "{\"timeout\":0}");
        api.post("/api/webhooks", "{\"url\":\"nonsense\"}");

        assertThat(api.get("/api/audit?subject=" + webhook).each("action")).containsExactly("webhook.create");
    }

    @Test
    void log_isReadPageByPage_withFilters() {
        for (int count = 0; count < 5; count++) {
            api.post("/api/keys", "{\"name\":\"page " + count + "\",\"scopes\":[\"read\"]}");
        }
        List<String> details = new ArrayList<>();
        String query = "/api/audit?action=key.create&actor=" + ACTOR + "&limit=2";

        String cursor = "";
        for (int page = 0; page < 3 && cursor != null; page++) {
            JsonNode answer = api.get(query + cursor).json();
            answer.path("data")
                    .forEach(entry -> details.add(entry.path("detail").asText()));
            cursor = "&cursor=" + answer.path("next_cursor").asText();
        }

        assertThat(details)
                .startsWith("page 4 (read)", "page 3 (read)", "page 2 (read)", "page 1 (read)", "page 0 (read)");
        assertThat(api.get("/api/audit?until=2020-01-01T00:00:00Z").each("id")).isEmpty();
        assertThat(api.get("/api/audit?since=2020-01-01T00:00:00Z&action=key.create")
                        .each("id"))
                .hasSizeGreaterThanOrEqualTo(5);
    }
}
