package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a webhook sends: chosen and previewed in its form, and told by its page. */
class WebhookContentIT {
    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    @Test
    void formatTemplateAndFilter_arePreviewed_faultsStandAtTheirFields_andThePageShowsThem() {
        Visit visit = DASHBOARD.visit("#/webhooks/new").expecting(422);
        visit.field("URL").fill(DASHBOARD.receiver().url("/shaped"));
        visit.field("Events").fill("shaped.*");
        visit.page()
                .getByText("What it sends", new Page.GetByTextOptions().setExact(true))
                .click();
        assertThat(visit.field("Template")).isHidden();
        visit.field("Format").selectOption("template");
        assertThat(visit.field("Transform")).isHidden();
        visit.field("Template").fill("{\"text\": \"{{data.name}}");
        visit.field("Filter").fill("event.data.total >");
        visit.button("Preview").click();
        assertThat(visit.complaintAt("filter")).containsText("does not compile");

        visit.field("Template").fill("{\"text\": \"{{data.name}}\", \"total\": {{data.total}}}");
        visit.field("Filter").fill("event.data.total > 100");
        visit.field("Sample data").fill("{\"name\": \"Ada\", \"total\": 100}");
        visit.button("Preview").click();
        assertThat(visit.page().getByLabel("Preview", label())).containsText("The filter keeps this event away");
        visit.field("Sample data").fill("{\"name\": \"Ada\", \"total\": 199.90}");
        visit.button("Preview").click();
        assertThat(visit.page().getByLabel("Previewed body")).containsText("\"total\": 199.90");
        assertThat(visit.complaintAt("filter")).isEmpty();
        visit.picture("webhook-form-preview");
        visit.button("Register").click();

        visit.link("Open its page").click();
        Locator settings = visit.page().getByLabel("Settings", label());
        assertThat(settings).containsText("event.data.total > 100");
        assertThat(settings).containsText("{{data.name}}");
        DASHBOARD
                .api()
                .post("/api/events/trigger", "{\"event\":\"shaped.now\",\"data\":{\"name\":\"Bob\",\"total\":101}}");
        assertThat(DASHBOARD.receiver().await("/shaped", 1).get(0).text())
                .isEqualTo("{\"text\": \"Bob\", \"total\": 101}");
        assertThat(visit.page().getByLabel("curl command")).containsText("{\"text\": \"Bob\", \"total\": 101}");

        visit.page().getByLabel("Its latest deliveries").getByText("shaped.now").click();
        Locator sent = visit.page().getByLabel("Request", label()).locator(".tree");
        assertThat(sent).containsText("101");
        assertThat(sent).not().containsText("timestamp");
    }

    private static Page.GetByLabelOptions label() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
