package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists: what filters select, how pages follow each other, which parameters are refused. */
class ListsTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static String orders;
    private static String everything;
    private static String disabled;
    private static String acme;

    @BeforeAll
    static void fill() {
        orders = create("http://localhost:1/Orders", "order.*", "");
        everything = create("http://localhost:1/x", "*", ",\"description\":\"The WAREHOUSE at 100%_\"");
        disabled = create("http://localhost:1/x", "order.*", ",\"active\":false");
        acme = create("http://localhost:1/x", "order.created", ",\"tenant\":\"acme\"");
        for (String name : List.of("order.created", "\u65e5\u672c", "~last", "a b/c", "order.paid")) {
            api().trigger(name);
        }
        api().post("/api/events/trigger", "{\"event\":\"order.created\",\"data\":1,\"tenant\":\"acme\"}");
    }

    private static Api api() {
        return SERVER.api();
    }

    private static String create(String url, String event, String more) {
        return api().post("/api/webhooks", "{\"url\":\"" + url + "\",\"events\":[\"" + event + "\"]" + more + "}")
                .id();
    }

    private static List<String> list(String query) {
        Answer answer = api().get("/api/webhooks" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.each("id");
    }

    /** Every page of a list, one after the other. */
    private static List<String> pages(String path, String field, int limit) {
        List<String> all = new ArrayList<>();
        String cursor = "";
        do {
            String separator = path.indexOf('?') < 0 ? "?" : "&";
            Answer page = api().get(path + separator + "limit=" + limit + cursor);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            assertThat(page.each(field)).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.each(field));
            JsonNode next = page.json().path("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + URLEncoder.encode(next.asText(), StandardCharsets.UTF_8);
        } while (!cursor.isEmpty());
        return all;
    }

    @Test
    void webhooks_areListedNewestFirst() {
        assertThat(list("")).containsExactly(acme, disabled, everything, orders);
    }

    @Test
    void webhooks_areFilteredByEachOfTheirFilters() {
        assertThat(list("?tenant=acme")).containsExactly(acme);
        assertThat(list("?tenant=default")).containsExactly(disabled, everything, orders);
        assertThat(list("?tenant=nobody")).isEmpty();
        assertThat(list("?active=true")).containsExactly(acme, everything, orders);
        assertThat(list("?active=false")).containsExactly(disabled);
        assertThat(list("?event=order.created")).containsExactly(acme, everything, orders);
        assertThat(list("?event=order.created&tenant=default")).containsExactly(everything, orders);
        assertThat(list("?event=order")).containsExactly(everything);
        assertThat(list("?q=orders")).containsExactly(orders);
        assertThat(list("?q=warehouse")).containsExactly(everything);
        assertThat(list("?q=100%25_")).containsExactly(everything);
        assertThat(list("?q=%25&active=true&tenant=acme")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 500})
    void webhooks_arePagedWithoutGapOrRepetition(int limit) {
        assertThat(pages("/api/webhooks", "id", limit)).containsExactly(acme, disabled, everything, orders);
        assertThat(pages("/api/webhooks?event=order.created", "id", limit)).containsExactly(acme, everything, orders);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 500})
    void events_arePagedWithoutGapOrRepetition(int limit) {
        List<String> names = pages("/api/events/recent", "event", limit);

        assertThat(names)
                .as("what was sent; on a busy machine a delivery may fail, and that raises an event as well")
                .filteredOn(name -> !name.equals("alert.triggered"))
                .containsExactly(
                        "order.created",
                        "order.paid",
                        "a b/c",
                        "~last",
                        "\u65e5\u672c",
                        "order.created",
                        "system.startup");
        assertThat(pages("/api/events/recent", "id", limit))
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(pages("/api/events/recent?event=order.created&tenant=acme", "tenant", limit))
                .containsExactly("acme");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 13, 500})
    void eventTypes_arePagedBuiltInOnesFirst(int limit) {
        List<String> names = pages("/api/events", "name", limit);

        assertThat(names).hasSize(17).startsWith("system.startup", "system.shutdown", "system.error", "data.created");
        assertThat(names.subList(12, 17))
                .containsExactly("a b/c", "order.created", "order.paid", "~last", "\u65e5\u672c");
    }

    @Test
    void eventTypes_tellWhatIsKnownOfThem() {
        JsonNode builtIn = api().get("/api/event-types/data.created").json();
        JsonNode started = api().get("/api/event-types/system.startup").json();
        JsonNode seen = api().get("/api/event-types/a%20b%2Fc").json();

        assertThat(builtIn.path("built_in").asBoolean()).isTrue();
        assertThat(builtIn.path("category").asText()).isEqualTo("data");
        assertThat(builtIn.path("last_seen_at").isNull()).isTrue();
        assertThat(started.path("last_seen_at").isNull()).isFalse();
        assertThat(seen.path("name").asText()).isEqualTo("a b/c");
        assertThat(seen.path("category").asText()).isEqualTo("custom");
        assertThat(seen.path("last_seen_at").asText()).endsWith("Z");
        assertThat(api().get("/api/event-types/%E6%97%A5%E6%9C%AC")
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("\u65e5\u672c");
        assertThat(api().get("/api/event-types/never.seen").status()).isEqualTo(404);
        assertThat(api().get("/api/event-types/%20").status()).isEqualTo(404);
    }

    @Test
    void events_areFilteredByTime() {
        String at = api().get("/api/events/recent?event=~last")
                .json()
                .at("/data/0/timestamp")
                .asText();
        String acme = api().get("/api/events/recent?tenant=acme").each("id").get(0);

        assertThat(api().get("/api/events/recent?since=2999-01-01T00:00:00Z").each("id"))
                .isEmpty();
        assertThat(api().get("/api/events/recent?until=2000-01-01T00:00:00%2B01:00")
                        .each("id"))
                .isEmpty();
        assertThat(api().get("/api/events/recent?since=" + at).each("event"))
                .contains("~last")
                .doesNotContain("system.startup");
        assertThat(api().get("/api/events/recent?until=" + at).each("event"))
                .doesNotContain("~last")
                .contains("system.startup");
        assertThat(api().get("/api/events/recent?until=2999-01-01T00:00:00Z&tenant=acme")
                        .each("id"))
                .containsExactly(acme);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/webhooks,limit=0",
        "/api/webhooks,limit=501",
        "/api/webhooks,limit=-1",
        "/api/webhooks,limit=",
        "/api/webhooks,limit=ten",
        "/api/webhooks,limit=1.0",
        "/api/webhooks,limit=99999999999",
        "/api/webhooks,limit=1&limit=2",
        "/api/webhooks,cursor=",
        "/api/webhooks,cursor=x",
        "/api/webhooks,cursor=%00",
        "/api/webhooks,cursor=evt_00000000000000000000000000",
        "/api/webhooks,active=1",
        "/api/webhooks,active=",
        "/api/webhooks,tenant=",
        "/api/webhooks,tenant=a%20b",
        "/api/webhooks,event=",
        "/api/webhooks,event=a.*",
        "/api/webhooks,q=",
        "/api/webhooks,Active=true",
        "/api/webhooks,page=2",
        "/api/webhooks,%00=1",
        "/api/events,cursor=x",
        "/api/events,cursor=99.",
        "/api/events,cursor=0.!",
        "/api/events,event=x",
        "/api/events/recent,since=now",
        "/api/events/recent,until=2026-13-01T00:00:00Z",
        "/api/events/recent,cursor=dlv_00000000000000000000000000",
        "/api/events/recent,status=pending",
        "/api/deliveries,status=sent",
        "/api/deliveries,status=",
        "/api/deliveries,webhook_id=x",
        "/api/deliveries,event_id=wh_00000000000000000000000000",
        "/api/deliveries,response_code=99",
        "/api/deliveries,response_code=600",
        "/api/deliveries,response_code=abc",
        "/api/deliveries,since=1",
        "/api/deliveries,cursor=%27",
        "/api/deliveries,limit=1000",
        "/api/stats,tenant=%2F",
        "/api/stats,window=1h"
    })
    void parameters_thatCannotBeAreRefusedByName(String path, String query) {
        Answer answer = api().get(path + "?" + query);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void parameters_areNamedWhenTheyAreRefused() {
        assertThat(api().get("/api/webhooks?limit=0").json().path("detail").asText())
                .contains("limit");
        assertThat(api().get("/api/webhooks?colour=red").json().path("detail").asText())
                .contains("colour");
    }
}
