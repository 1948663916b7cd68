package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Registering, changing and deleting webhooks, and what a webhook's own page tells. */
class WebhooksIT {
    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    private static String register(String path, String more) {
        String url = DASHBOARD.receiver().url(path);
        return DASHBOARD
                .api()
                .post("/api/webhooks", "{\"url\":\"" + url + "\"" + more + "}")
                .id();
    }

    @Test
    void faults_standAtTheFieldsThatTheyName() {
        Visit visit = DASHBOARD.visit("#/webhooks/new").expecting(422);

        visit.field("URL").fill("ftp://example.com/hook");
        visit.field("Retries").fill("99");
        visit.button("Register").click();

        assertThat(visit.complaintAt("url")).containsText("http");
        assertThat(visit.complaintAt("retry_count")).containsText("10");
        assertThat(visit.field("URL")).hasAttribute("aria-invalid", "true");
        assertThat(visit.field("URL")).isFocused();
    }

    @Test
    void webhook_isEdited_disabled_enabled_andDeletedAfterTheCount() {
        String id = register("/edited", ",\"events\":[\"edited.*\"],\"paused\":true");
        for (int count = 0; count < 3; count++) {
            DASHBOARD.api().trigger("edited.now");
        }
        Visit visit = DASHBOARD.visit("#/webhooks/" + id);

        visit.link("Edit").click();
        visit.field("Description").fill("Edited by hand");
        visit.button("Save changes").click();
        assertThat(visit.page().locator(".detail")).containsText("Edited by hand");
        assertThat(visit.page().locator("tr.current")).containsText("Edited by hand");

        visit.button("Resume").waitFor();
        visit.button("Disable").click();
        assertThat(visit.page().locator(".state")).containsText("disabled");
        assertThat(visit.page().locator("tr.current")).containsText("disabled");
        visit.button("Enable").click();
        assertThat(visit.button("Disable")).isVisible();
        visit.button("Make a shadow…").click();
        visit.button("Make it a shadow").click();
        visit.button("Send for real").click();
        assertThat(visit.button("Make a shadow…")).isVisible();

        visit.button("Delete…").click();
        assertThat(visit.page().locator("dialog")).containsText("3 waiting deliveries");
        visit.button("Delete and cancel 3").click();
        assertThat(visit.page().locator(".detail")).isHidden();
        assertThat(visit.page().locator("table.webhooks")).not().containsText("/edited");
        assertThat(DASHBOARD.api().get("/api/webhooks/" + id).status()).isEqualTo(404);
    }

    @Test
    void webhooksPage_tellsHealth_reasons_secretAndCode() {
        DASHBOARD.receiver().answers("/sick", 500);
        String id = register("/sick", ",\"events\":[\"sick.*\"],\"retry_count\":0");
        DASHBOARD.api().trigger("sick.once");
        String secret = DASHBOARD
                .api()
                .get("/api/webhooks/" + id + "/secret")
                .json()
                .path("secret")
                .asText();
        Visit visit = DASHBOARD.visit("#/webhook/" + id);

        assertThat(visit.page().getByLabel("Why deliveries fail")).containsText("The receiver answered 500");
        assertThat(visit.page().getByLabel("Its latest deliveries")).containsText("failed");
        assertThat(visit.page().getByLabel("curl command")).containsText("X-Webhook-Event");
        assertThat(visit.page().locator("canvas").first()).isVisible();
        assertThat(visit.page().locator(".health-cell.bad")).hasCount(1);

        visit.button("Reveal").click();
        assertThat(visit.page().locator(".revealed")).hasText(secret);
        visit.button("Rotate…").click();
        visit.button("Rotate").click();
        assertThat(visit.page().locator(".revealed")).not().hasText(secret);
        assertThat(visit.page().getByLabel("Signing secret")).containsText("The old secret signs too; it ends in ");

        for (String language : new String[] {"Python", "Java", "Go", "JavaScript"}) {
            visit.page().getByRole(AriaRole.TAB).getByText(language, exact()).click();
            assertThat(visit.page().getByLabel("Code in " + language, labelExact()))
                    .containsText("webhook-signature");
        }
    }

    @Test
    void list_isSearched_andShowsHowEachFares() {
        String id = register("/searched", ",\"events\":[\"searched.*\"],\"description\":\"A needle\"");
        DASHBOARD.api().trigger("searched.one");
        Visit visit = DASHBOARD.visit("#/webhooks");

        visit.field("Contains").fill("needle");
        visit.field("Contains").press("Enter");

        Locator rows = visit.page().locator("table.webhooks tbody:not(.spacer) tr");
        assertThat(rows).hasCount(1);
        assertThat(rows.first()).containsText("100 %");
        assertThat(rows.first().locator(".spark-good")).hasCount(1);
        assertThat(visit.page().url()).contains("q=needle");
        visit.page().goBack();
        assertThat(visit.field("Contains")).hasValue("");
        assertThat(DASHBOARD.api().delete("/api/webhooks/" + id).status()).isEqualTo(204);
    }

    private static Locator.GetByTextOptions exact() {
        return new Locator.GetByTextOptions().setExact(true);
    }

    private static Page.GetByLabelOptions labelExact() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
