package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares what a shadow would have sent with what another system has sent. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        synopsisHeading =
                "Example: java -jar longline.jar compare wh_01kg72ych0evrs77abdajvsnwh sent.ndjson --pair-by /data/order_id"
                        + "%n%nUsage: ",
        description = {
            "Compares what a shadow webhook would have sent with what your present system has sent to the same receiver: a"
                    + " file of requests, each {\"body\": …, \"headers\": {…}, \"key\": …}, as a JSON array or one to a line."
                    + " Exits with 0 when everything is the same, and with 1 when it is not."
        })
final class CompareCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "WEBHOOK", description = "The webhook's identifier.")
    private String webhook = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "What was sent; - for standard input.")
    private String file = "";

    @Option(
            names = "--pair-by",
            paramLabel = "POINTER",
            description = "Where in both bodies the value is that pairs them, such as /data/order_id.")
    private @Nullable String pairBy;

    @Option(names = "--since", paramLabel = "TIME", description = "Deliveries made since then; by default a day ago.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Deliveries made before then.")
    private @Nullable String until;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
        String requests = read().strip();
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("pair_by", pairBy);
        query.put("since", since);
        query.put("until", until);
        String path = ServerClient.path("/api/webhooks/" + ServerClient.encode(webhook) + "/compare", query);
        String type = requests.startsWith("[") ? "application/json" : "application/x-ndjson";
        JsonNode result = server.client().send("POST", path, requests, Map.of("Content-Type", type));
        if (server.json()) {
            Specs.out(spec).println(result);
        } else {
            print(Specs.out(spec), result);
        }
        boolean isSame = result.path("different").asInt() == 0
                && result.path("only_here").asInt() == 0
                && result.path("only_there").asInt() == 0;
        return isSame ? 0 : LonglineCommand.FAILED;
    }

    private String read() {
        try {
            byte[] bytes = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw CommandFailure.usage("the file " + file + " cannot be read");
        }
    }

    private static void print(PrintWriter out, JsonNode result) {
        out.println(result.path("same").asInt() + " the same ("
                + result.path("same_bytes").asInt()
                + " of them byte for byte), " + result.path("different").asInt() + " different, "
                + result.path("only_here").asInt() + " only here, "
                + result.path("only_there").asInt() + " only there");
        for (JsonNode pair : result.path("pairs")) {
            out.println(pair.path("delivery_id").asText() + "  " + clean(pair.path("event"))
                    + (pair.hasNonNull("key") ? "  " + clean(pair.path("key")) : ""));
            if (pair.hasNonNull("error_message")) {
                out.println("  " + clean(pair.path("error_message")));
            }
            for (JsonNode each : pair.path("differences")) {
                String place = each.path("pointer").asText().isEmpty() ? "(all of it)" : clean(each.path("pointer"));
                out.println(
                        "  " + place + "  here " + value(each.path("here")) + ", there " + value(each.path("there")));
            }
            for (JsonNode header : pair.path("headers")) {
                out.println("  header " + clean(header));
            }
        }
        for (JsonNode each : result.path("unpaired_deliveries")) {
            out.println(each.path("delivery_id").asText() + "  " + clean(each.path("event")) + "  only here");
        }
        for (JsonNode each : result.path("unpaired_requests")) {
            out.println("request " + (each.path("index").asInt() + 1)
                    + (each.hasNonNull("key") ? "  " + clean(each.path("key")) : "") + "  only there");
        }
        if (result.path("more").asBoolean()) {
            out.println("(there are older deliveries: narrow it down with --since and --until)");
        }
    }

    private static String value(JsonNode shown) {
        return shown.isNull() ? "nothing" : clean(shown);
    }

    private static String clean(JsonNode text) {
        return Table.clean(text.asText());
    }
}
