package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The first minute on a server where nothing has happened yet. */
class FirstRunIT {
    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    private static final Map<String, String> EMPTY_PAGES = Map.of(
            "#/webhooks", "No webhooks yet",
            "#/deliveries", "No deliveries yet",
            "#/sources", "No sources yet",
            "#/keys", "No keys in the store",
            "#/audit", "Nothing to tell yet",
            "#/nowhere", "There is no such page");

    @Test
    void firstRun_leadsToADelivery_byClicksAlone(@TempDir Path directory) {
        try (RunningServer server = RunningServer.start(directory)) {
            Visit visit = DASHBOARD.visit(server.port(), "");
            assertThat(visit.heading("Three steps to the first delivery")).isVisible();
            visit.picture("first-run");

            EMPTY_PAGES.forEach((route, words) -> {
                visit.open(route);
                assertThat(visit.main()).containsText(words);
            });

            visit.open("#/overview");
            visit.main().getByText("Register a webhook").last().click();
            assertThat(visit.field("URL")).hasValue("http://localhost:" + server.port() + "/_receiver");
            visit.button("Register").click();

            Locator secret = visit.page().getByLabel("Secret", exact());
            assertThat(secret).containsText("whsec_");
            String shown = secret.textContent();
            visit.button("Copy secret").click();
            assertThat(visit.page().locator("#toast")).hasText("Secret copied");
            assertThat(visit.page().evaluate("navigator.clipboard.readText()")).isEqualTo(shown);
            visit.page().reload();
            assertThat(visit.heading("Settings")).isVisible();
            assertThat(secret).hasCount(0);
            assertThat(visit.page().content()).doesNotContain(shown);

            visit.open("#/overview");
            visit.main().getByText("Send an event").last().click();
            visit.main().getByText("Send event", textExact()).last().click();
            Locator result = visit.page().getByLabel("What became of it");
            assertThat(result.getByText("succeeded")).isVisible();
            result.getByText("order.created").click();
            assertThat(visit.main()).containsText("Delivered with attempt 1");
            assertThat(visit.page().locator(".tree").first()).containsText("\"order_id\": 1001");

            visit.open("#/test/receiver");
            Locator arrived = visit.page().getByLabel("What arrived");
            assertThat(arrived).containsText("signature valid");
            arrived.locator("summary").first().click();
            assertThat(arrived.locator(".tree")).containsText("1001");
            visit.leave();
        }
    }

    private static Page.GetByLabelOptions exact() {
        return new Page.GetByLabelOptions().setExact(true);
    }

    private static Locator.GetByTextOptions textExact() {
        return new Locator.GetByTextOptions().setExact(true);
    }
}
