package io.longline.browser;

import com.microsoft.playwright.Browser;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The dashboard in a real browser: one browser, one server and one receiver for all tests of a run, so tests keep apart by the
 * names of their events and the paths of their webhooks. What went wrong in the browser behind a test's back fails it.
 */
final class Dashboard implements BeforeAllCallback, AfterEachCallback {
    private static final Namespace SHARED = Namespace.create(Dashboard.class);

    private final List<Visit> visits = new ArrayList<>();
    private Browser browser;
    private World world;

    /** What all tests share. */
    private static final class World implements AutoCloseable {
        private final Receiver receiver = new Receiver();
        private final RunningServer server;

        private World(Path directory) {
            server = RunningServer.start(directory);
        }

        private static World begin() {
            try {
                return new World(Files.createTempDirectory("longline-dashboard"));
            } catch (IOException fault) {
                throw new IllegalStateException(fault);
            }
        }

        @Override
        public void close() {
            try {
                server.close();
            } finally {
                receiver.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(SHARED);
        browser = store.computeIfAbsent(Chromium.class, key -> Chromium.launch(), Chromium.class)
                .browser();
        world = store.computeIfAbsent(World.class, key -> World.begin(), World.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> faults = new ArrayList<>();
        for (Visit visit : visits) {
            context.getExecutionException().ifPresent(failure -> visit.keepEvidence(context.getDisplayName()));
            faults.addAll(visit.end());
        }
        visits.clear();
        if (!faults.isEmpty() && context.getExecutionException().isEmpty()) {
            throw new AssertionError("the browser complained: " + String.join("\n", faults));
        }
    }

    Api api() {
        return world.server.api();
    }

    Receiver receiver() {
        return world.receiver;
    }

    /** Opens a page of the shared server, on a laptop's screen. */
    Visit visit(String route) {
        return visit(world.server.port(), route);
    }

    /** Opens a page of any server. */
    Visit visit(int port, String route) {
        Visit visit = new Visit(browser, "http://localhost:" + port);
        visits.add(visit);
        visit.open(route);
        return visit;
    }
}
