package io.longline.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The one browser of a test run: the one that {@code LONGLINE_CHROMIUM} names, else one in a usual place, else the one that
 * Playwright fetches. Where there is none, tests are skipped with one loud line; with {@code LONGLINE_BROWSER_REQUIRED=true}
 * they fail.
 */
final class Chromium implements AutoCloseable {
    private static final double PATIENCE_MS = 20_000;
    private static final long DOWNLOAD_MINUTES = 3;
    private static final List<String> USUAL = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/usr/bin/google-chrome-stable",
            "/snap/bin/chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium launch() {
        Optional<Path> installed = installed();
        Map<String, String> environment = new HashMap<>(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        if (installed.isEmpty()) {
            fetch();
        }
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        try {
            BrowserType.LaunchOptions options = new BrowserType.LaunchOptions().setArgs(FLAGS);
            installed.ifPresent(options::setExecutablePath);
            Browser browser = playwright.chromium().launch(options);
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
            return new Chromium(playwright, browser);
        } catch (PlaywrightException fault) {
            playwright.close();
            throw none(fault.getMessage());
        }
    }

    Browser browser() {
        return browser;
    }

    private static Optional<Path> installed() {
        String named = System.getenv("LONGLINE_CHROMIUM");
        Stream<String> places = named == null || named.isEmpty() ? USUAL.stream() : Stream.of(named);
        return places.map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /** Has Playwright fetch its own Chromium, unless that was done before. */
    private static void fetch() {
        try {
            ProcessBuilder command =
                    Driver.ensureDriverInstalled(Map.of(), false).createProcessBuilder();
            List<String> words = new ArrayList<>(command.command());
            words.addAll(List.of("install", "--only-shell", "chromium"));
            Process process = command.command(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(DOWNLOAD_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (IOException | RuntimeException fault) {
            throw none(fault.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static RuntimeException none(String why) {
        String line = "NO BROWSER: the dashboard's tests need Chromium (set LONGLINE_CHROMIUM to its path): "
                + why.lines().findFirst().orElse("");
        if (Boolean.parseBoolean(System.getenv("LONGLINE_BROWSER_REQUIRED"))) {
            return new IllegalStateException(line);
        }
        System.err.println("*** " + line + " -- SKIPPED ***");
        return new TestAbortedException(line);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
