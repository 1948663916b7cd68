package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that goes away and comes back under a page that stays open. */
class OutageIT {
    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    @Test
    void restart_marksThePageStale_andThenItIsLiveAgain_withoutReload(@TempDir Path directory) {
        int port;
        Visit visit;
        try (RunningServer server = RunningServer.start(directory)) {
            port = server.port();
            server.api().register(DASHBOARD.receiver().url("/outlives"), "outlives.*");
            server.api().trigger("outlives.before");
            visit = DASHBOARD.visit(port, "#/deliveries").expecting(503).expectingOutage();
            assertThat(visit.page().locator("table.deliveries")).containsText("outlives.before");
            assertThat(visit.page().locator("#connection")).hasText("Live");
            visit.page().evaluate("window.stayed = true");
        }

        assertThat(visit.page().locator("#connection")).hasText("Stale");
        assertThat(visit.page().locator("#banner"))
                .containsText(Pattern.compile("What you see is from .* ago|just now"));
        assertThat(visit.page().locator("table.deliveries")).containsText("outlives.before");
        visit.picture("stale");

        try (RunningServer server = RunningServer.start(directory, "server.port", Integer.toString(port))) {
            assertThat(visit.page().locator("#connection")).hasText("Live");
            assertThat(visit.page().locator("#banner")).isHidden();
            server.api().trigger("outlives.after");
            assertThat(visit.page().locator("table.deliveries")).containsText("outlives.after");
            assertThat(visit.page().evaluate("window.stayed")).isEqualTo(true);

            visit.button("Pause live updates").click();
            assertThat(visit.page().locator("#connection")).hasText("Paused");
            server.api().trigger("outlives.paused");
            visit.page().waitForTimeout(1500);
            assertThat(visit.page().locator("table.deliveries")).not().containsText("outlives.paused");
            visit.button("Resume live updates").click();
            assertThat(visit.page().locator("table.deliveries")).containsText("outlives.paused");
            visit.leave();
        }
    }
}
