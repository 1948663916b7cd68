package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import io.longline.model.TimeSource;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every page in both themes, on a laptop and on a telephone: no serious fault of accessibility, nothing cut off, a picture of each. */
class LooksIT {
    private static final int LAPTOP = 1440;
    private static final int TELEPHONE = 390;
    private static final int EVENTS = 150;
    private static final Duration DAY = Duration.ofHours(23);

    /** What comes after the page itself, and belongs into its picture. */
    private static final Map<String, String> WAITED_FOR = Map.of(
            "overview", ".u-legend",
            "webhooks", "tr:nth-child(5) .spark",
            "webhook", ".health-cell.good");

    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    @Test
    void everyPage_isAccessible_fits_andIsKeptAsAPicture(@TempDir Path directory) {
        AtomicReference<Duration> ago = new AtomicReference<>(DAY);
        Clock clock = Clock.systemUTC();
        TimeSource past = new TimeSource(new Behind(clock, ago), System::nanoTime);
        try (RunningServer server = RunningServer.start(directory, past)) {
            Map<String, String> pages = populate(server.api(), ago);
            Visit visit = DASHBOARD.visit(server.port(), "");
            List<String> faults = new ArrayList<>();

            for (boolean isDark : new boolean[] {false, true}) {
                visit.dark(isDark);
                pages.forEach((name, route) -> {
                    visit.width(LAPTOP);
                    visit.open(route);
                    assertThat(visit.main().locator(".loading")).hasCount(0);
                    visit.main()
                            .locator(WAITED_FOR.getOrDefault(name, "h1"))
                            .first()
                            .waitFor();
                    unfold(visit, name);
                    visit.settle();
                    visit.picture(name + (isDark ? "-dark" : "-light") + "-1440");
                    for (Rule fault : judge(visit, isDark).analyze().getViolations()) {
                        faults.add("%s %s: %s %s %s"
                                .formatted(
                                        name,
                                        isDark ? "dark" : "light",
                                        fault.getImpact(),
                                        fault.getId(),
                                        fault.getNodes().get(0).getTarget()));
                    }
                    visit.width(TELEPHONE);
                    visit.settle();
                    visit.picture(name + (isDark ? "-dark" : "-light") + "-390");
                    int width = ((Number) visit.page().evaluate("document.documentElement.scrollWidth")).intValue();
                    if (width > TELEPHONE) {
                        faults.add(name + " is " + width + " px wide on a telephone");
                    }
                });
            }

            visit.leave();
            assertThat(faults).isEmpty();
        }
    }

    /** What is behind folds is judged too where a page has most of its fields there. */
    private static void unfold(Visit visit, String page) {
        if (page.equals("webhook-form")) {
            Locator folds = visit.main().locator(".detail details");
            folds.first().waitFor();
            folds.evaluateAll("folds => folds.forEach(fold => { fold.open = true; })");
            assertThat(visit.control("format")).isVisible();
        }
    }

    /** All rules; the second theme differs from the first in its colours alone. */
    private static AxeBuilder judge(Visit visit, boolean isSecondTheme) {
        AxeBuilder axe = new AxeBuilder(visit.page());
        return isSecondTheme
                ? axe.withRules(List.of("color-contrast", "link-in-text-block"))
                : axe.withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"));
    }

    private static final String ORDER_TYPE = """
            {"description": "A customer has placed an order.", "validate": true,
             "schema": {"type": "object", "required": ["order_id", "total"], "properties": {
               "order_id": {"type": "integer"}, "total": {"type": "string", "pattern": "^[0-9]+[.][0-9]{2}$"},
               "customer": {"$ref": "#/$defs/customer"},
               "lines": {"type": "array", "items": {"type": "object", "properties": {
                 "sku": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1}}}}},
               "$defs": {"customer": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}}},
             "example": {"order_id": 1001, "total": "19.90", "lines": [{"sku": "L-1", "quantity": 2}]}}""";

    /** Something of everything; gives each page's route by the name of its picture. */
    private static Map<String, String> populate(Api api, AtomicReference<Duration> ago) {
        String failing = register(api, "/warehouse", "[\"order.*\"]", "Orders to the warehouse", ",\"retry_count\":0");
        String slow =
                register(api, "/billing", "[\"invoice.*\",\"payment.failed\"]", "Billing", ",\"retry_delay\":900");
        register(api, "/crm", "[\"*\"]", "Customer records", "");
        register(api, "/archive", "[\"data.*\"]", "Archive", ",\"paused\":true");
        register(api, "/partner", "[\"payment.failed\"]", "A partner that is down", "");
        DASHBOARD.receiver().answers("/partner", 503);
        DASHBOARD.receiver().answers("/warehouse", nowAndThen(500, 11));
        DASHBOARD.receiver().answers("/billing", nowAndThen(503, 7));
        String[] events = {"order.created", "order.paid", "invoice.issued", "payment.failed", "data.updated"};
        for (int count = 0; count < EVENTS; count++) {
            // Sparse a day ago, denser within the last hour, so that every window has something to draw.
            double left = 1 - (double) count / EVENTS;
            ago.set(Duration.ofSeconds((long) (DAY.toSeconds() * left * left * left * left)));
            String data =
                    "{\"order_id\":%d,\"total\":\"%d.90\",\"currency\":\"EUR\",\"customer\":{\"id\":%d,\"name\":\"Ada Example\"},"
                                    .formatted(1000 + count, 19 + count, count)
                            + "\"lines\":[{\"sku\":\"L-1\",\"quantity\":2},{\"sku\":\"L-7\",\"quantity\":1}]}";
            api.post(
                    "/api/events/trigger",
                    "{\"event\":\"%s\",\"data\":%s}".formatted(events[count % events.length], data));
        }
        ago.set(Duration.ZERO);
        api.send(
                "PUT",
                "/api/event-types/order.created",
                ORDER_TYPE.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
        api.post("/api/sources", "{\"name\":\"github-main\",\"kind\":\"github\",\"secret\":\"It is a secret\"}");
        api.post("/api/keys", "{\"name\":\"checkout\",\"scopes\":[\"publish\"]}");
        api.post("/api/keys", "{\"name\":\"Acme\",\"scopes\":[\"tenant:acme\"]}");
        Awaitility.await()
                .until(() -> api.get("/api/deliveries?status=failed&webhook_id=" + failing)
                                .json()
                                .path("data")
                                .size()
                        > 0);
        String retried = api.get("/api/deliveries?status=retrying&webhook_id=" + slow)
                .json()
                .at("/data/0/id")
                .asText();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "#/overview");
        pages.put("webhooks", "#/webhooks");
        pages.put("webhook-panel", "#/webhooks/" + slow);
        pages.put("webhook-form", "#/webhooks/new");
        pages.put("webhook", "#/webhook/" + failing);
        pages.put("deliveries", "#/deliveries");
        pages.put("delivery", "#/deliveries/" + retried);
        pages.put("events", "#/events/type/order.created");
        pages.put("event-type-form", "#/events/edit/order.created");
        pages.put("events-send", "#/events/send?event=order.created");
        pages.put("events-recent", "#/events/recent");
        pages.put("test", "#/test");
        pages.put("receiver", "#/test/receiver");
        pages.put("sources", "#/sources/new");
        pages.put("keys", "#/keys");
        pages.put("audit", "#/audit");
        pages.put("settings", "#/settings");
        return pages;
    }

    /** Succeeds, but for every so manieth time. */
    private static int[] nowAndThen(int status, int every) {
        return IntStream.range(0, EVENTS)
                .map(count -> count % every == every - 3 ? status : 200)
                .toArray();
    }

    /** A clock that is behind by as much as the test says. */
    private static final class Behind extends Clock {
        private final Clock clock;
        private final AtomicReference<Duration> ago;

        private Behind(Clock clock, AtomicReference<Duration> ago) {
            this.clock = clock;
            this.ago = ago;
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return clock.instant().minus(ago.get());
        }
    }

    private static String register(Api api, String path, String events, String description, String more) {
        return api.post(
                        "/api/webhooks",
                        "{\"url\":\"%s\",\"events\":%s,\"description\":\"%s\"%s}"
                                .formatted(DASHBOARD.receiver().url(path), events, description, more))
                .id();
    }
}
