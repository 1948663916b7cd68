package io.longline.cli;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    private static final int WITHIN_SECONDS = 60;

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

    @Override
    public Integer call() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            WebClient client = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
            HttpRequest<Buffer> request = client.postAbs(server.replaceAll("/+$", "") + "/api/events/trigger")
                    .putHeader("Content-Type", "application/json");
            String shown = key == null ? System.getenv("LONGLINE_KEY") : key;
            if (shown != null && !shown.isBlank()) {
                request.bearerTokenAuthentication(shown.strip());
            }
            if (idempotencyKey != null) {
                request.putHeader("Idempotency-Key", idempotencyKey);
            }
            HttpResponse<Buffer> response = request.sendBuffer(Buffer.buffer(body()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(WITHIN_SECONDS, TimeUnit.SECONDS);
            return print(response);
        } catch (ExecutionException | TimeoutException | IllegalArgumentException fault) {
            error("the server " + server + " cannot be reached");
            return LonglineCommand.UNREACHABLE;
        } finally {
            vertx.close();
        }
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
        return Json.encode(text);
    }

    private int print(HttpResponse<Buffer> response) {
        if (response.statusCode() != 202) {
            error(refusal(response));
            return LonglineCommand.REFUSED;
        }
        PrintWriter out = spec().commandLine().getOut();
        if (json) {
            out.println(response.bodyAsString());
        } else {
            JsonObject receipt = response.bodyAsJsonObject();
            out.println(receipt.getString("id") + "  " + receipt.getInteger("deliveries") + " deliveries");
        }
        return 0;
    }

    private static String refusal(HttpResponse<Buffer> response) {
        String what = "the server refused it (" + response.statusCode() + ")";
        try {
            JsonObject problem = response.bodyAsJsonObject();
            StringBuilder detail = new StringBuilder(what + ": " + problem.getString("detail"));
            for (Object each : problem.getJsonArray("errors", new JsonArray())) {
                JsonObject fault = (JsonObject) each;
                detail.append("; ")
                        .append(fault.getString("pointer"))
                        .append(' ')
                        .append(fault.getString("detail"));
            }
            return detail.toString();
        } catch (RuntimeException notAProblem) {
            return what;
        }
    }

    private void error(String line) {
        spec().commandLine().getErr().println("longline: " + line);
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("the command was not parsed");
        }
        return spec;
    }
}
