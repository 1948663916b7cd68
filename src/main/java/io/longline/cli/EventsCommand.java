package io.longline.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Events of a server. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar events recent --event order.created%n%nUsage: ",
        description = "Lists a server's event types and events.")
final class EventsCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Specs.line(spec), "say what to do: types, recent or get");
    }

    @Command(
            name = "types",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar events types%n%nUsage: ",
            description = "Lists event types: the built-in ones, and those that were registered or seen.")
    int types(
            @Mixin ServerOptions server,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (50).")
                    int limit) {
        new Table()
                .column("NAME", "/name")
                .column("CATEGORY", "/category")
                .column("LAST SEEN", "/last_seen_at")
                .column("DESCRIPTION", "/description")
                .print(out(), server.client().list("/api/events", Map.of(), limit), server.json());
        return 0;
    }

    @Command(
            name = "recent",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar events recent --event order.created --limit 20%n%nUsage: ",
            description = "Lists accepted events, newest first.")
    int recent(
            @Mixin ServerOptions server,
            @Option(names = "--event", paramLabel = "NAME", description = "Of this name.") @Nullable String event,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant.") @Nullable String tenant,
            @Option(names = "--since", paramLabel = "TIME", description = "At this time or later (RFC 3339).") @Nullable String since,
            @Option(names = "--until", paramLabel = "TIME", description = "Before this time (RFC 3339).") @Nullable String until,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (50).")
                    int limit) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("event", event);
        query.put("tenant", tenant);
        query.put("since", since);
        query.put("until", until);
        new Table()
                .column("ID", "/id")
                .column("EVENT", "/event")
                .column("TENANT", "/tenant")
                .column("DELIVERIES", "/delivery_count")
                .column("TIME", "/timestamp")
                .print(out(), server.client().list("/api/events/recent", query, limit), server.json());
        return 0;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar events get evt_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Shows an event with its payload and deliveries.")
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Table.one(out(), server.client().get("/api/events/" + ServerClient.encode(id)), server.json());
        return 0;
    }

    private PrintWriter out() {
        return Specs.out(spec);
    }
}
