package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Delivers again what a filter selects, and shows how far it is. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar replay --status failed --since 2026-01-31T00:00:00Z --until"
                + " 2026-02-01T00:00:00Z%n%nUsage: ",
        description = {
            "Delivers again what the filter selects, in the background of the server, and waits for it to be through. It goes"
                    + " on when this command is interrupted; --dry-run only counts."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final String PATH = "/api/replays";
    private static final long LOOK_EVERY_MILLIS = 250;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--since", required = true, paramLabel = "TIME", description = "Accepted at this time or later.")
    private String since = "";

    @Option(names = "--until", required = true, paramLabel = "TIME", description = "Accepted before this time.")
    private String until = "";

    @Option(names = "--webhook", paramLabel = "ID", description = "To this webhook.")
    private @Nullable String webhook;

    @Option(names = "--status", paramLabel = "STATUS", description = "Those that are succeeded, failed or cancelled.")
    private @Nullable String status;

    @Option(names = "--event", paramLabel = "NAME", description = "Of events of this name.")
    private @Nullable String event;

    @Option(names = "--missed", description = "Make those that were never made, too.")
    private boolean missed;

    @Option(names = "--dry-run", description = "Only count.")
    private boolean dryRun;

    @Option(names = "--detach", description = "Do not wait for it.")
    private boolean detach;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        ServerClient client = server.client();
        JsonNode replay = client.send("POST", PATH, body());
        if (!dryRun && !detach) {
            replay = waitFor(client, replay);
        }
        Specs.out(spec).println(server.json() ? replay.toString() : line(replay));
        return replay.path("state").asText().equals("cancelled") ? LonglineCommand.FAILED : 0;
    }

    private ObjectNode body() {
        ObjectNode body =
                ServerClient.JSON.createObjectNode().put("since", since).put("until", until);
        put(body, "webhook_id", webhook);
        put(body, "status", status);
        put(body, "event", event);
        if (missed) {
            body.put("missed", true);
        }
        if (dryRun) {
            body.put("dry_run", true);
        }
        return body;
    }

    private static void put(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private JsonNode waitFor(ServerClient client, JsonNode begun) {
        ProgressBar bar = new ProgressBar(Specs.err(spec), Terminal.hasErr(), "deliveries", System::nanoTime);
        String path = PATH + "/" + ServerClient.encode(begun.path("id").asText());
        JsonNode replay = begun;
        while (replay.path("state").asText().equals("running")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
            replay = client.get(path);
            long done = replay.path("done").asLong();
            bar.at(done, Math.max(done, count(replay)));
        }
        bar.end();
        return replay;
    }

    private static long count(JsonNode replay) {
        return replay.hasNonNull("matched")
                ? replay.path("matched").asLong()
                : replay.path("matched_at_least").asLong();
    }

    private static String line(JsonNode replay) {
        String many = (replay.hasNonNull("matched") ? "" : "at least ") + count(replay) + " deliveries";
        return switch (replay.path("state").asText()) {
            case "done" ->
                replay.path("id").asText() + "  " + replay.path("done").asLong() + " deliveries made or opened again";
            case "cancelled" ->
                replay.path("id").asText() + "  cancelled after "
                        + replay.path("done").asLong();
            case "running" -> replay.path("id").asText() + "  under way: " + many;
            default -> many + " would be made or opened again";
        };
    }
}
