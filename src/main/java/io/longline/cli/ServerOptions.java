package io.longline.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to, and how it prints what it hears. */
final class ServerOptions {
    private static final Duration LONGEST = Duration.ofMinutes(6);

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:LONGLINE_SERVER:-http://localhost:8000}",
            description = "The server (${DEFAULT-VALUE}); LONGLINE_SERVER sets it as well.")
    private String server = "http://localhost:8000";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The API key, for a server that needs one. LONGLINE_KEY sets it as well, and shows it to no other"
                            + " user of the machine.")
    private @Nullable String key;

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Talks to the server that was named, which may take as long as the longest of its tests. */
    ServerClient client() {
        return client(LONGEST);
    }

    /** The same, with the longest time that an answer may take. */
    ServerClient client(Duration longest) {
        String shown = key == null ? System.getenv("LONGLINE_KEY") : key;
        return new ServerClient(server, shown == null || shown.isBlank() ? null : shown.strip(), longest);
    }
}
