package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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

/** The catalogue of a server's event types. */
@Command(
        name = "event-types",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar event-types import openapi.yaml --dry-run%n%nUsage: ",
        description = "Lists, registers, archives and imports a server's event types.")
final class EventTypesCommand implements Runnable {
    private static final String PATH = "/api/event-types";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Specs.line(spec), "say what to do: list, get, put, archive or import");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar event-types list%n%nUsage: ",
            description = "Lists event types: the built-in ones, then those registered or seen, by name.")
    int list(
            @Mixin ServerOptions server,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant's.") @Nullable String tenant,
            @Option(names = "--archived", description = "Archived ones as well.") boolean archived,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (50).")
                    int limit) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("tenant", tenant);
        query.put("archived", archived ? true : null);
        new Table()
                .column("NAME", "/name")
                .column("CATEGORY", "/category")
                .column("REGISTERED", "/registered")
                .column("VALIDATE", "/validate")
                .column("LAST SEEN", "/last_seen_at")
                .column("DESCRIPTION", "/description")
                .print(out(), server.client().list("/api/events", query, limit), server.json());
        return 0;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar event-types get order.created%n%nUsage: ",
            description = "Shows an event type with its schema and example.")
    int get(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Whose.") @Nullable String tenant) {
        Table.one(out(), server.client().get(one(name, tenant)), server.json());
        return 0;
    }

    @Command(
            name = "put",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar event-types put order.created --schema order.json"
                    + " --validate%n%nUsage: ",
            description = "Registers an event type or says anew what it is; what is left out is taken away.")
    int put(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--description", paramLabel = "TEXT", description = "What it means.") @Nullable String description,
            @Option(
                            names = "--schema",
                            paramLabel = "FILE|JSON",
                            description = "The JSON Schema (2020-12) of its data.")
                    @Nullable String schema,
            @Option(names = "--example", paramLabel = "FILE|JSON", description = "An example of its data.") @Nullable String example,
            @Option(names = "--validate", description = "Refuse events whose data does not fit the schema.")
                    boolean validate,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Whose it is.") @Nullable String tenant) {
        ObjectNode body = ServerClient.JSON.createObjectNode();
        body.put("description", description);
        body.put("validate", validate);
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        body.set("schema", json("--schema", schema));
        body.set("example", json("--example", example));
        Table.one(out(), server.client().send("PUT", one(name, null), body), server.json());
        return 0;
    }

    @Command(
            name = "archive",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar event-types archive order.created%n%nUsage: ",
            description = "Takes an event type out of the catalogue; put brings it back.")
    int archive(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Whose.") @Nullable String tenant) {
        server.client().send("DELETE", one(name, tenant), null);
        out().println(server.json() ? "{}" : Table.clean(name) + " is archived");
        return 0;
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar event-types import openapi.yaml --dry-run%n%nUsage: ",
            description = "Registers the event types of an OpenAPI 3.1 or AsyncAPI document: all of them, or none.")
    int load(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "FILE", description = "In JSON or YAML.") Path file,
            @Option(names = "--dry-run", description = "Say only what would become of them.") boolean dryRun,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Whose they are.") @Nullable String tenant) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("dry_run", dryRun ? true : null);
        query.put("tenant", tenant);
        // JSON is YAML as well: the server tells them apart by what they begin with.
        JsonNode answer = server.client()
                .send(
                        "POST",
                        ServerClient.path(PATH + "/import", query),
                        read(file.toString()),
                        Map.of("Content-Type", "application/yaml"));
        if (server.json()) {
            out().println(answer);
            return 0;
        }
        new Table().column("NAME", "/name").column("RESULT", "/result").print(out(), answer, false);
        out().println(answer.path("created").asText() + " created, "
                + answer.path("changed").asText() + " changed, "
                + answer.path("unchanged").asText() + " unchanged" + (dryRun ? "; nothing was written" : ""));
        return 0;
    }

    private static JsonNode json(String option, @Nullable String given) {
        if (given == null) {
            return ServerClient.JSON.nullNode();
        }
        try {
            boolean file = !given.isBlank() && Files.isReadable(Path.of(given));
            return ServerClient.JSON.readTree(file ? read(given) : given);
        } catch (IOException | InvalidPathException notJson) {
            throw CommandFailure.usage(option + " must be a file that holds JSON, or JSON itself");
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException unreadable) {
            throw CommandFailure.usage("the file " + file + " cannot be read");
        }
    }

    private static String one(String name, @Nullable String tenant) {
        String path = PATH + "/" + ServerClient.encode(name);
        return tenant == null ? path : ServerClient.path(path, Map.of("tenant", tenant));
    }

    private PrintWriter out() {
        return Specs.out(spec);
    }
}
