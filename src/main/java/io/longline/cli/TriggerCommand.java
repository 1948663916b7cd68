package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends one event to a server. */
@Command(
        name = "trigger",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar trigger order.created --data '{\"id\": 1}'%n%nUsage: ",
        description = "Sends an event to a server and prints what it was accepted as.")
final class TriggerCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "EVENT", description = "The event's name, such as order.created.")
    private String event = "";

    @Option(
            names = "--data",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "The event's data (${DEFAULT-VALUE}).")
    private String data = "{}";

    @Option(names = "--metadata", paramLabel = "JSON", description = "The event's metadata, an object.")
    private @Nullable String metadata;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose event it is.")
    private @Nullable String tenant;

    @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Makes a repeated call store nothing anew.")
    private @Nullable String idempotencyKey;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
        Map<String, String> headers = idempotencyKey == null ? Map.of() : Map.of("Idempotency-Key", idempotencyKey);
        JsonNode receipt = server.client().send("POST", "/api/events/trigger", body(), headers);
        PrintWriter out = Specs.out(spec);
        if (server.json()) {
            out.println(receipt);
        } else {
            out.println(receipt.path("id").asText() + "  "
                    + receipt.path("deliveries").asInt() + " deliveries");
        }
        return 0;
    }

    /** The data goes out digit for digit as it was typed; whether it is JSON is the server's to say. */
    private String body() {
        StringBuilder body = new StringBuilder("{\"event\":")
                .append(quoted(event))
                .append(",\"data\":")
                .append(data);
        if (metadata != null) {
            body.append(",\"metadata\":").append(metadata);
        }
        if (tenant != null) {
            body.append(",\"tenant\":").append(quoted(tenant));
        }
        return body.append('}').toString();
    }

    private static String quoted(String text) {
        return ServerClient.JSON.getNodeFactory().textNode(text).toString();
    }
}
