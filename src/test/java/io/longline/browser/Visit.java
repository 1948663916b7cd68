package io.longline.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * One person at one tab, with nothing left over from others. It keeps watch: console errors, errors that nobody caught,
 * requests to elsewhere and breaches of the content security policy are kept, and {@link #end} tells them.
 */
final class Visit {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final double PATIENCE_MS = 20_000;
    /** What the policy forbids is told by an event; as a console error it reaches the watch like all others. */
    private static final String TELL_BREACHES = "document.addEventListener('securitypolicyviolation', event =>"
            + " console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));";

    /** What turns without end, such as a mark of waiting, is not waited for. */
    private static final String SETTLED = """
            async () => {
                await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                const ending = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 1000);
                await Promise.allSettled(ending.map(animation => animation.finished));
            }""";

    private final String origin;
    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> expected = new TreeSet<>();
    private boolean isLeft;

    Visit(Browser browser, String origin) {
        this.origin = origin;
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(1440, 900)
                .setLocale("en-GB")
                .setTimezoneId("Europe/Berlin")
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        context.setDefaultTimeout(PATIENCE_MS);
        context.addInitScript(TELL_BREACHES);
        page = context.newPage();
        page.onConsoleMessage(this::heard);
        page.onPageError(error -> faults.add("uncaught: " + error));
        page.onRequest(this::asked);
    }

    private void heard(ConsoleMessage message) {
        if (message.type().equals("error") && expected.stream().noneMatch(message.text()::contains)) {
            faults.add("console: " + message.text() + " " + message.location());
        }
    }

    private void asked(Request request) {
        String url = request.url();
        if (!url.startsWith(origin + "/") && !url.startsWith("data:") && !url.startsWith("blob:")) {
            faults.add("off the origin: " + url);
        }
    }

    /** The browser notes a refused call as an error; a test that has the server refuse says with which status. */
    Visit expecting(int... statuses) {
        for (int status : statuses) {
            expected.add("status of " + status);
        }
        return this;
    }

    /** The server goes away in this test. */
    Visit expectingOutage() {
        expected.add("net::ERR_");
        return this;
    }

    /** Goes to a page; {@code ""} is the first one. */
    Visit open(String route) {
        page.navigate(origin + "/" + route);
        return this;
    }

    Page page() {
        return page;
    }

    Locator main() {
        return page.locator("main");
    }

    Locator button(String name) {
        return byRole(AriaRole.BUTTON, name);
    }

    Locator link(String name) {
        return byRole(AriaRole.LINK, name);
    }

    Locator heading(String name) {
        return byRole(AriaRole.HEADING, name);
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    private Locator byRole(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A form's control by the name of its field. */
    Locator control(String name) {
        return page.locator("main [name='" + name + "']");
    }

    /** What the API said about a field of a form. */
    Locator complaintAt(String field) {
        return page.locator("[data-field='" + field + "'] .field-error");
    }

    void dark(boolean isDark) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(isDark ? ColorScheme.DARK : ColorScheme.LIGHT));
    }

    void width(int pixels) {
        page.setViewportSize(pixels, 900);
    }

    /** Waits until the page has been laid out and drawn, and what fades in is there. */
    void settle() {
        page.evaluate(SETTLED);
    }

    /** Keeps a picture under {@code target/screenshots}. */
    void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    void keepEvidence(String test) {
        if (isLeft) {
            return;
        }
        picture("failed-" + test.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    }

    /** Closes the tab, for instance before its server stops. */
    void leave() {
        if (!isLeft) {
            isLeft = true;
            context.close();
        }
    }

    /** Leaves, and tells what went wrong meanwhile. */
    List<String> end() {
        leave();
        return faults;
    }
}
