package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main task of each page that is not about webhooks or deliveries, and how pages say that something is not there. */
class TasksIT {
    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    @Test
    void sentEvent_showsItsDeliveries_withoutReload() {
        DASHBOARD.api().register(DASHBOARD.receiver().url("/composed"), "composed.*");
        Visit visit = DASHBOARD.visit("#/events/send");

        visit.field("Event").fill("composed.order");
        visit.field("Data").fill("{\"amount\": 12345678901234567890, ");
        assertThat(visit.main()).containsText("Not JSON yet");
        visit.field("Data").fill("{\"amount\": 12345678901234567890.10}");
        visit.button("Send event").click();

        Locator result = visit.page().getByLabel("What became of it");
        assertThat(result).containsText("Accepted: 1 delivery");
        assertThat(result.locator("tbody tr")).containsText("succeeded");
        result.getByText("composed.order").click();
        assertThat(visit.page().locator(".tree").first()).containsText("12345678901234567890.10");
    }

    @Test
    void catalogue_leadsToAnEventOfThatType() {
        DASHBOARD.api().trigger("catalogued.thing");
        Visit visit = DASHBOARD.visit("#/events");

        visit.page().getByPlaceholder("Name or description contains").fill("catalogued");
        visit.link("catalogued.thing").click();
        assertThat(visit.page().locator(".detail")).containsText("1 event");
        visit.link("Send one").click();

        assertThat(visit.field("Event")).hasValue("catalogued.thing");
        visit.link("Recent events").click();
        assertThat(visit.page().locator("table.events")).containsText("catalogued.thing");
    }

    @Test
    void eventType_isRegistered_judgesWhatIsSent_isEditedAndArchived() {
        Visit visit = DASHBOARD.visit("#/events").expecting(422);
        visit.link("Register an event type").click();
        visit.field("Name").fill("typed.order");
        visit.field("JSON Schema of its data").fill("{\"type\": \"text\"}");
        visit.button("Register").click();
        assertThat(visit.complaintAt("schema")).containsText("type");
        visit.field("JSON Schema of its data").fill("{\"type\": \"object\", \"required\": [\"id\"]}");
        visit.field("Example of its data").fill("{\"id\": 12345678901234567890.10}");
        visit.field("Refuse events whose data does not fit the schema").check();
        visit.button("Register").click();

        Locator detail = visit.page().locator(".detail");
        assertThat(detail).containsText("must fit the schema");
        assertThat(detail).containsText("12345678901234567890.10");
        visit.link("Edit").click();
        visit.field("Description").fill("An order <b>of ours</b>.");
        visit.button("Save changes").click();
        assertThat(detail).containsText("An order <b>of ours</b>.");
        assertThat(detail.locator("h2")).hasText("typed.order");
        assertThat(detail.locator("h2")).isFocused();
        visit.link("Send one").click();
        assertThat(visit.field("Data")).hasValue("{\n  \"id\": 12345678901234567890.10\n}");
        visit.field("Data").fill("{\"total\": 1}");
        visit.button("Send event").click();
        assertThat(visit.complaintAt("data")).containsText("id: is required");

        visit.open("#/events/type/typed.order");
        visit.button("Archive…").click();
        visit.page()
                .locator("dialog")
                .getByText("Archive", new Locator.GetByTextOptions().setExact(true))
                .click();
        assertThat(visit.page().locator("table.types")).not().containsText("typed.order");
    }

    @Test
    void testRequest_showsBothSides() {
        Visit visit = DASHBOARD.visit("#/test").expecting(422);
        visit.field("URL").fill("nonsense");
        visit.button("Send request").click();
        assertThat(visit.complaintAt("url")).not().isEmpty();

        visit.field("URL").fill(DASHBOARD.receiver().url("/tested"));
        visit.field("Event").fill("test.both");
        visit.button("Send request").click();

        Locator result = visit.page().getByLabel("Result");
        assertThat(result).containsText("HTTP 200");
        result.locator("summary").getByText("headers").first().click();
        assertThat(result.getByLabel("Request", labelExact())).containsText("test.both");
        assertThat(result.getByLabel("Response", labelExact())).containsText("ok");
    }

    @Test
    void source_isAdded_andTakesACall() {
        Visit visit = DASHBOARD.visit("#/sources").expecting(422);
        visit.link("Add a source").first().click();
        visit.button("Add source").click();
        assertThat(visit.complaintAt("name")).not().isEmpty();
        assertThat(visit.complaintAt("secret")).not().isEmpty();
        visit.control("kind").selectOption("token");
        visit.field("Name").fill("door");
        visit.field("Secret").fill("open-sesame");
        visit.field("Header").fill("X-Token");
        visit.button("Add source").click();

        assertThat(visit.page().locator(".detail")).containsText("/in/door");
        assertThat(visit.page().locator(".detail h2")).hasText("door");
        assertThat(visit.page().locator(".detail h2")).isFocused();
        assertThat(visit.page().locator("table.sources")).containsText("door");
        assertThat(DASHBOARD
                        .api()
                        .post("/in/door", "{\"type\":\"opened\"}", "X-Token", "open-sesame")
                        .status())
                .isEqualTo(202);
        visit.open("#/events/recent");
        assertThat(visit.page().locator("table.events")).containsText("door.opened");
    }

    @Test
    void key_isMade_shownOnce_revoked_andAllOfItIsInTheAuditLog() {
        Visit visit = DASHBOARD.visit("#/keys");
        visit.link("Make a key").first().click();
        visit.field("Name").fill("checkout");
        visit.button("Make key").click();

        Locator key = visit.page().getByLabel("Key", new Page.GetByLabelOptions().setExact(true));
        assertThat(key.last()).containsText("llk_");
        visit.button("I have stored it").click();
        assertThat(visit.page().locator("table.keys")).containsText("checkout");
        assertThat(visit.page().locator("code").getByText("llk_")).hasCount(0);

        visit.button("Revoke checkout").click();
        visit.button("Revoke").click();
        assertThat(visit.main()).containsText("No keys in the store");

        visit.open("#/audit");
        assertThat(visit.page().locator("table.audit")).containsText("key.create");
        visit.page().locator("table.audit").getByText("key.revoke").first().click();
        assertThat(visit.page().locator("table.audit")).not().containsText("key.create");
    }

    @Test
    void settings_areShownInEffect() {
        Visit visit = DASHBOARD.visit("#/settings");

        assertThat(visit.page().getByLabel("This server")).containsText("ready");
        visit.page().getByPlaceholder("Name or description contains").fill("drain");
        assertThat(visit.page().locator(".setting-list")).containsText("server.drain_seconds");
    }

    @Test
    void contract_isTriedOutInItsViewer() {
        Visit visit = DASHBOARD.visit("#/settings");
        visit.link("API documentation").click();
        visit.page().getByPlaceholder("Filter by tag").fill("Statistics");
        assertThat(visit.page().locator(".opblock-tag-section")).hasCount(1);

        Locator statistics = visit.page().locator("#operations-Statistics-getStats");
        statistics.locator(".opblock-summary-control").click();
        statistics
                .getByText("Execute", new Locator.GetByTextOptions().setExact(true))
                .click();

        assertThat(statistics.locator(".live-responses-table")).containsText("deliveries_24h");
        for (boolean isDark : new boolean[] {false, true}) {
            visit.dark(isDark);
            visit.settle();
            visit.picture(isDark ? "docs-dark-1440" : "docs-light-1440");
            assertThat(visit.page().locator("html.dark-mode")).hasCount(isDark ? 1 : 0);
            assertThat(seriousFaults(visit, isDark)).isEmpty();
        }
        visit.page().evaluate("dispatchEvent(new StorageEvent('storage', {key: 'longline.theme', newValue: 'light'}))");
        assertThat(visit.page().locator("html.dark-mode")).hasCount(0);
    }

    /** All but advice; the second theme differs from the first in its colours alone. */
    private static List<String> seriousFaults(Visit visit, boolean isSecondTheme) {
        AxeBuilder axe = new AxeBuilder(visit.page());
        return (isSecondTheme ? axe.withRules(List.of("color-contrast")) : axe)
                .analyze().getViolations().stream()
                        .filter(fault -> List.of("serious", "critical").contains(fault.getImpact()))
                        .map(fault ->
                                fault.getId() + " " + fault.getNodes().get(0).getTarget())
                        .toList();
    }

    @Test
    void whatIsNotThere_isSaidInPlace() {
        Visit visit =
                DASHBOARD.visit("#/deliveries/dlv_01kg9ys7g4e27995vjzrtwz07a").expecting(400, 404);
        assertThat(visit.page().locator(".detail")).containsText("removed by retention");
        visit.open("#/webhook/wh_01kg72ych0evrs77abdajvsnwh");
        assertThat(visit.main()).containsText("It may have been deleted");
        visit.open("#/deliveries?response_code=abc");
        assertThat(visit.main().locator(".notice.bad")).containsText("response_code");
        visit.open("#/nowhere");
        assertThat(visit.main()).containsText("There is no such page");
        visit.open("#/events/type/no.such.type");
        assertThat(visit.main()).containsText("There is no such event type");
        assertThat(visit.page().locator("#connection")).hasText("Live");
    }

    private static Locator.GetByLabelOptions labelExact() {
        return new Locator.GetByLabelOptions().setExact(true);
    }
}
