package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Finding deliveries, understanding one, and sending again: one, some, or a range. */
class DeliveriesIT {
    private static final String MARKUP =
            "<img src=x onerror=console.error('xss')><script>console.error('xss')</script>";

    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    private static String register(String path, String pattern, String more) {
        String body = "{\"url\":\"%s\",\"events\":[\"%s\"]%s}"
                .formatted(DASHBOARD.receiver().url(path), pattern, more);
        return DASHBOARD.api().post("/api/webhooks", body).id();
    }

    private static Locator rows(Visit visit) {
        return visit.page().locator("table.deliveries tbody:not(.spacer) tr");
    }

    @Test
    void failingReceiver_showsTheRetryCountedDown_andIsRetriedAtOnce() {
        DASHBOARD.receiver().answers("/flaky", 503, 200);
        register("/flaky", "flaky.*", ",\"retry_delay\":600");
        Visit visit = DASHBOARD.visit("#/deliveries?event=flaky.order");
        assertThat(visit.main()).containsText("No delivery matches");

        DASHBOARD.api().trigger("flaky.order");

        assertThat(rows(visit)).hasCount(1);
        assertThat(rows(visit).first()).containsText("retrying");
        rows(visit).first().locator("a").click();
        Locator state = visit.page().locator(".state");
        assertThat(state).containsText(Pattern.compile("Retry 1 of 3 in (09:|10:|11:)"));
        assertThat(state).containsText("The receiver answered 503");
        String before = state.locator("time").first().textContent();
        assertThat(state.locator("time").first()).not().hasText(before);

        visit.page().locator(".detail").getByText("Retry now").click();

        assertThat(state).containsText("Delivered with attempt 2");
        assertThat(rows(visit).first()).containsText("succeeded");
        assertThat(visit.page().locator(".timeline li")).hasCount(2);
        visit.width(390);
        assertThat(visit.button("Copy as curl")).isHidden();
        visit.button("More actions").click();
        visit.button("Copy as curl").click();
        assertThat(visit.page().locator("#toast")).hasText("curl command copied");
        assertThat((String) visit.page().evaluate("navigator.clipboard.readText()"))
                .startsWith("curl -i 'http://localhost:")
                .contains("X-Webhook-Attempt: 2");
    }

    @Test
    void filters_liveInTheUrl_throughReloadAndBack() {
        register("/filtered", "filtered.*", "");
        DASHBOARD.api().trigger("filtered.one");
        DASHBOARD.api().trigger("filtered.two");
        Visit visit = DASHBOARD.visit("#/deliveries");

        visit.field("Event").fill("filtered.one");
        visit.field("Event").press("Enter");
        assertThat(rows(visit)).hasCount(1);
        visit.control("status").selectOption("succeeded");
        assertThat(visit.page()).hasURL(Pattern.compile("status=succeeded&event=filtered\\.one"));

        visit.page().reload();
        assertThat(visit.field("Event")).hasValue("filtered.one");
        assertThat(visit.control("status")).hasValue("succeeded");
        assertThat(rows(visit)).hasCount(1);

        visit.page().goBack();
        assertThat(visit.control("status")).hasValue("");
        assertThat(visit.field("Event")).hasValue("filtered.one");
        visit.page().goBack();
        assertThat(visit.field("Event")).hasValue("");
    }

    @Test
    void chosenOnes_areRetriedTogether() {
        DASHBOARD.receiver().answers("/chosen", 500, 500, 500, 200);
        register("/chosen", "chosen.*", ",\"retry_count\":0");
        for (int count = 0; count < 3; count++) {
            DASHBOARD.api().trigger("chosen.once");
        }
        Visit visit = DASHBOARD.visit("#/deliveries?event=chosen.once&status=failed");
        assertThat(rows(visit)).hasCount(3);

        visit.page().getByLabel("Choose all that are listed").check();
        assertThat(visit.page().getByLabel("Chosen deliveries")).containsText("3 chosen");
        visit.button("Retry them").click();

        assertThat(visit.page().locator(".strip").last()).containsText("3 deliveries retried.");
        visit.open("#/deliveries?event=chosen.once&status=succeeded");
        assertThat(rows(visit)).hasCount(3);
    }

    @Test
    void range_isReplayed_afterTheCount_withItsProgress() {
        DASHBOARD.receiver().answers("/ranged", 500, 500, 500, 500, 200);
        register("/ranged", "ranged.*", ",\"retry_count\":0");
        for (int count = 0; count < 4; count++) {
            DASHBOARD.api().trigger("ranged.once");
        }
        Visit visit = DASHBOARD.visit("#/deliveries?event=ranged.once&status=failed");
        assertThat(rows(visit)).hasCount(4);

        visit.button("Replay…").click();
        assertThat(visit.page().locator(".replay-count")).containsText("4 deliveries will be made again");
        visit.button("Replay 4").click();

        assertThat(visit.page().locator(".strip").last()).containsText("4 deliveries made again.");
        visit.open("#/deliveries?event=ranged.once&status=succeeded");
        assertThat(rows(visit)).hasCount(4);
    }

    @Test
    void s13_markup_isShownAsText_everywhere() {
        String quoted = MARKUP.replace("\"", "\\\"");
        String id = register(
                "/marked",
                "*",
                ",\"description\":\"%s\",\"headers\":{\"X-Note\":\"%s\"},\"metadata\":{\"%s\":\"%s\"}"
                        .formatted(quoted, quoted, quoted, quoted));
        DASHBOARD.receiver().answers("/marked", 200);
        String event = "{\"event\":\"%s\",\"data\":{\"%s\":\"%s\"},\"metadata\":{\"a\":\"%s\"}}"
                .formatted(quoted, quoted, quoted, quoted);
        assertThat(DASHBOARD.api().post("/api/events/trigger", event).status()).isEqualTo(202);
        String delivery = DASHBOARD
                .api()
                .get("/api/deliveries?webhook_id=" + id)
                .json()
                .at("/data/0/id")
                .asText();
        Visit visit = DASHBOARD.visit("");

        for (String route : new String[] {
            "#/overview",
            "#/webhooks/" + id,
            "#/webhook/" + id,
            "#/webhooks/" + id + "/edit",
            "#/deliveries/" + delivery,
            "#/events",
            "#/events/recent",
            "#/events/send",
            "#/audit"
        }) {
            visit.open(route);
            assertThat(visit.main().locator(".loading")).hasCount(0);
            assertThat(visit.main().locator("img, script")).hasCount(0);
        }
        visit.open("#/deliveries/" + delivery);
        assertThat(visit.page().locator(".detail h2")).hasText(MARKUP);
        assertThat(visit.page().locator(".tree").first()).containsText("<img src=x");
        DASHBOARD.api().delete("/api/webhooks/" + id);
    }

    @Test
    void keyboard_aloneRegistersAndRetries() {
        Visit visit = DASHBOARD.visit("#/overview");
        assertThat(visit.heading("Overview")).isVisible();
        Keyboard keys = visit.page().keyboard();

        keys.press("g");
        keys.press("w");
        assertThat(visit.heading("Webhooks")).isFocused();
        keys.press("Tab");
        keys.press("Enter");
        assertThat(visit.field("URL")).isFocused();
        keys.type(DASHBOARD.receiver().url("/typed"));
        keys.press("Tab");
        keys.press("Tab");
        keys.press("ControlOrMeta+a");
        keys.type("typed.*");
        keys.press("Tab");
        keys.type("By keyboard");
        keys.press("Enter");
        assertThat(visit.button("Copy secret")).isVisible();

        DASHBOARD.api().trigger("typed.once");
        keys.press("g");
        keys.press("d");
        assertThat(visit.heading("Deliveries")).isFocused();
        assertThat(visit.page().locator("table.deliveries")).containsText("typed.once");
        keys.press("j");
        assertThat(visit.page().locator("a[data-row]").first()).isFocused();
        keys.press("Enter");
        // Once it is loaded, too, which draws it anew.
        assertThat(visit.page().locator(".detail h2")).hasText("typed.once");
        assertThat(visit.page().locator(".detail h2")).isFocused();
        keys.press("r");
        assertThat(visit.page().locator("#toast")).hasText("Retry is under way");
        keys.press("Escape");
        assertThat(visit.page().locator(".detail")).isHidden();
        keys.press("/");
        assertThat(visit.page().locator("#search-text")).isFocused();
        keys.press("Escape");
        keys.press("?");
        assertThat(visit.heading("Keyboard shortcuts")).isVisible();
    }
}
