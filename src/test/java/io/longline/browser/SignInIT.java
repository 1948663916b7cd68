package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import io.longline.security.KeySecret;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that needs keys, seen from a browser. */
class SignInIT {
    private static final String OPERATOR = "llk_operator";

    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    @Test
    void s13_keySignsIn_wrongOneDoesNot_andATenantSeesOnlyItsOwn(@TempDir Path directory) {
        try (RunningServer server =
                RunningServer.start(directory, "auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR))) {
            Api operator = server.api().as(OPERATOR);
            String acme = operator.post("/api/keys", "{\"name\":\"Acme\",\"scopes\":[\"tenant:acme\"]}")
                    .json()
                    .path("key")
                    .asText();
            webhook(operator, "/acme", "acme");
            webhook(operator, "/other", "other");
            operator.post("/api/events/trigger", "{\"event\":\"told.acme\",\"data\":1,\"tenant\":\"acme\"}");
            operator.post("/api/events/trigger", "{\"event\":\"told.other\",\"data\":1,\"tenant\":\"other\"}");
            Visit visit = DASHBOARD.visit(server.port(), "#/webhooks").expecting(401, 403);

            assertThat(visit.heading("Sign in")).isVisible();
            visit.picture("sign-in");
            visit.field("API key").fill("llk_wrong");
            visit.button("Sign in").click();
            assertThat(visit.page().locator(".sign-in .form-error")).not().isEmpty();
            assertThat(visit.heading("Sign in")).isVisible();

            visit.field("API key").fill(OPERATOR);
            visit.button("Sign in").click();
            assertThat(visit.page().locator("table.webhooks")).containsText("/acme");
            assertThat(visit.page().locator("table.webhooks")).containsText("/other");
            visit.page().reload();
            assertThat(visit.page().locator("table.webhooks")).containsText("/other");

            visit.button("Sign out").click();
            assertThat(visit.heading("Sign in")).isVisible();
            assertThat(visit.page().locator("table.webhooks")).hasCount(0);

            visit.field("API key").fill(acme);
            visit.button("Sign in").click();
            assertThat(visit.page().locator("table.webhooks")).containsText("/acme");
            assertThat(visit.page().locator("table.webhooks")).not().containsText("/other");
            visit.open("#/deliveries");
            assertThat(visit.page().locator("table.deliveries")).containsText("told.acme");
            assertThat(visit.page().locator("table.deliveries")).not().containsText("told.other");
            operator.post("/api/events/trigger", "{\"event\":\"later.other\",\"data\":1,\"tenant\":\"other\"}");
            operator.post("/api/events/trigger", "{\"event\":\"later.acme\",\"data\":1,\"tenant\":\"acme\"}");
            assertThat(visit.page().locator("table.deliveries")).containsText("later.acme");
            assertThat(visit.page().locator("table.deliveries")).not().containsText("later.other");
            visit.open("#/settings");
            assertThat(visit.page().getByLabel("This server")).containsText("Acme");
            visit.leave();
        }
    }

    private static void webhook(Api operator, String path, String tenant) {
        operator.post(
                "/api/webhooks",
                "{\"url\":\"%s\",\"events\":[\"*\"],\"tenant\":\"%s\"}"
                        .formatted(DASHBOARD.receiver().url(path), tenant));
    }
}
