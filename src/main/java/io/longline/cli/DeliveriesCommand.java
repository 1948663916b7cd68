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

/** Deliveries of a server. */
@Command(
        name = "deliveries",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar deliveries list --status failed%n%nUsage: ",
        description = "Lists, shows, retries and cancels a server's deliveries.")
final class DeliveriesCommand implements Runnable {
    private static final String PATH = "/api/deliveries";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Specs.line(spec), "say what to do: list, get, retry or cancel");
    }

    /** Which deliveries. */
    static final class Filter {
        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "pending, succeeded, failed, cancelled, held or retrying.")
        private @Nullable String status;

        @Option(names = "--webhook", paramLabel = "ID", description = "To this webhook.")
        private @Nullable String webhook;

        @Option(names = "--event", paramLabel = "NAME", description = "Of events of this name.")
        private @Nullable String event;

        @Option(names = "--event-id", paramLabel = "ID", description = "Of this event.")
        private @Nullable String eventId;

        @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant.")
        private @Nullable String tenant;

        @Option(names = "--since", paramLabel = "TIME", description = "Accepted at this time or later (RFC 3339).")
        private @Nullable String since;

        @Option(names = "--until", paramLabel = "TIME", description = "Accepted before this time (RFC 3339).")
        private @Nullable String until;

        @Option(names = "--code", paramLabel = "STATUS", description = "Last answered with this HTTP status.")
        private @Nullable Integer code;

        Map<String, @Nullable Object> query() {
            Map<String, @Nullable Object> query = new LinkedHashMap<>();
            query.put("status", status);
            query.put("webhook_id", webhook);
            query.put("event", event);
            query.put("event_id", eventId);
            query.put("tenant", tenant);
            query.put("since", since);
            query.put("until", until);
            query.put("response_code", code);
            return query;
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar deliveries list --status failed --limit 20%n%nUsage: ",
            description = "Lists deliveries, newest first.")
    int list(
            @Mixin ServerOptions server,
            @Mixin Filter filter,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (50).")
                    int limit) {
        new Table()
                .column("ID", "/id")
                .column("STATUS", "/status")
                .column("EVENT", "/event")
                .column("WEBHOOK", "/webhook_id")
                .column("ATTEMPTS", "/attempt_count")
                .column("CODE", "/last_response_code")
                .column("NEXT", "/next_attempt_at")
                .column("CREATED", "/created_at")
                .print(out(), server.client().list(PATH, filter.query(), limit), server.json());
        return 0;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar deliveries get dlv_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Shows a delivery with its payload and every attempt.")
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Table.one(out(), server.client().get(one(id)), server.json());
        return 0;
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar deliveries retry dlv_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Sends a delivery now, with all its attempts before it again.")
    int retry(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        return act(server, id, "retry", " is sent again");
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar deliveries cancel dlv_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Calls a waiting delivery off.")
    int cancel(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        return act(server, id, "cancel", " is cancelled");
    }

    private int act(ServerOptions server, String id, String verb, String said) {
        var answer = server.client().send("POST", one(id) + "/" + verb, null);
        out().println(server.json() ? answer : id + said);
        return 0;
    }

    private static String one(String id) {
        return PATH + "/" + ServerClient.encode(id);
    }

    private PrintWriter out() {
        return Specs.out(spec);
    }
}
