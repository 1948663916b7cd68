package io.longline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Webhooks of a server. */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        synopsisHeading =
                "Example: java -jar longline.jar webhooks create https://example.com/hook --events 'order.*'%n%nUsage: ",
        description = "Lists, makes, changes, tries and deletes a server's webhooks.")
final class WebhooksCommand implements Runnable {
    private static final String PATH = "/api/webhooks";

    @Spec
    private @Nullable CommandSpec spec;

    /** Fields of a webhook that have an option of their own, and any other. */
    static final class Fields {
        @Option(names = "--events", split = ",", paramLabel = "PATTERN", description = "Events, such as order.*.")
        private @Nullable List<String> events;

        @Option(names = "--secret", paramLabel = "SECRET", description = "The signing secret; made when left out.")
        private @Nullable String secret;

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private @Nullable String description;

        @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header to send. May be repeated.")
        private Map<String, String> headers = new LinkedHashMap<>();

        @Option(
                names = "--field",
                paramLabel = "NAME=JSON",
                description = "Any other field, such as retry_count=5 or rate_limit=null. May be repeated.")
        private Map<String, String> others = new LinkedHashMap<>();

        ObjectNode body() {
            ObjectNode body = ServerClient.JSON.createObjectNode();
            if (events != null) {
                body.set("events", ServerClient.JSON.valueToTree(events));
            }
            if (secret != null) {
                body.put("secret", secret);
            }
            if (description != null) {
                body.put("description", description);
            }
            if (!headers.isEmpty()) {
                body.set("headers", ServerClient.JSON.valueToTree(headers));
            }
            others.forEach((name, json) -> body.set(name, value(name, json)));
            return body;
        }

        private static JsonNode value(String name, String json) {
            try {
                JsonNode value = ServerClient.JSON.readTree(json);
                return value.isMissingNode() ? ServerClient.JSON.nullNode() : value;
            } catch (JsonProcessingException notJson) {
                throw CommandFailure.usage("--field " + name + " must be JSON, such as 5, null or '\"text\"'");
            }
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                Specs.line(spec),
                "say what to do: list, get, create, update, delete, enable, disable, rotate-secret or test");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar webhooks list --event order.created%n%nUsage: ",
            description = "Lists webhooks, newest first.")
    int list(
            @Mixin ServerOptions server,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant's.") @Nullable String tenant,
            @Option(
                            names = "--active",
                            arity = "1",
                            paramLabel = "BOOLEAN",
                            description = "Only active ones, or only others.")
                    @Nullable Boolean active,
            @Option(names = "--event", paramLabel = "NAME", description = "Only those that would get this event.")
                    @Nullable String event,
            @Option(names = "--find", paramLabel = "TEXT", description = "Only those whose URL or description has it.")
                    @Nullable String text,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (50).")
                    int limit) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("tenant", tenant);
        query.put("active", active);
        query.put("event", event);
        query.put("q", text);
        new Table()
                .column("ID", "/id")
                .column("TENANT", "/tenant")
                .column("ACTIVE", "/active")
                .column("CIRCUIT", "/circuit")
                .column("EVENTS", "/events")
                .column("URL", "/url")
                .print(out(), server.client().list(PATH, query, limit), server.json());
        return 0;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar webhooks get wh_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Shows a webhook and its figures.")
    int get(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        Table.one(out(), server.client().get(one(id)), server.json());
        return 0;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar webhooks create https://example.com/hook --events"
                    + " 'order.*' --field retry_count=5%n%nUsage: ",
            description = "Registers a webhook, and shows its secret, this one time.")
    int create(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "URL", description = "Where deliveries go.") String url,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Whose it is.") @Nullable String tenant,
            @Mixin Fields fields) {
        ObjectNode body = fields.body();
        body.put("url", url);
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (!body.has("events")) {
            throw new ParameterException(Specs.line(spec), "Missing required option: '--events=PATTERN'");
        }
        Table.one(out(), server.client().send("POST", PATH, body), server.json());
        return 0;
    }

    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar webhooks update wh_01kg72ych0evrs77abdajvsnwh --events"
                    + " 'order.*,refund.*'%n%nUsage: ",
            description = "Changes what is given of a webhook, and nothing else.")
    int update(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--url", paramLabel = "URL", description = "Where deliveries go.") @Nullable String url,
            @Mixin Fields fields) {
        ObjectNode body = fields.body();
        if (url != null) {
            body.put("url", url);
        }
        if (body.isEmpty()) {
            throw new ParameterException(Specs.line(spec), "say what to change, such as --url or --field");
        }
        Table.one(out(), server.client().send("PATCH", one(id), body), server.json());
        return 0;
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar webhooks delete wh_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Deletes a webhook; its waiting deliveries are cancelled.")
    int delete(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        server.client().send("DELETE", one(id), null);
        out().println(server.json() ? "{}" : id + " is deleted");
        return 0;
    }

    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar webhooks enable wh_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Lets a webhook get events again.")
    int enable(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        return setActive(server, id, true);
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            synopsisHeading =
                    "Example: java -jar longline.jar webhooks disable wh_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Lets a webhook get no more events; what waits is held.")
    int disable(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
        return setActive(server, id, false);
    }

    private int setActive(ServerOptions server, String id, boolean active) {
        JsonNode saved = server.client()
                .send("PATCH", one(id), ServerClient.JSON.createObjectNode().put("active", active));
        out().println(server.json() ? saved : id + (active ? " is active" : " is disabled"));
        return 0;
    }

    @Command(
            name = "rotate-secret",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar webhooks rotate-secret wh_01kg72ych0evrs77abdajvsnwh"
                    + " --expire-after 86400%n%nUsage: ",
            description = "Makes a new secret and shows it, this one time; both sign until the old one expires.")
    int rotateSecret(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--secret", paramLabel = "SECRET", description = "The new one; made when left out.")
                    @Nullable String secret,
            @Option(names = "--expire-after", paramLabel = "SECONDS", description = "How long the old one signs too.")
                    @Nullable Integer expireAfter) {
        ObjectNode body = ServerClient.JSON.createObjectNode();
        if (secret != null) {
            body.put("secret", secret);
        }
        if (expireAfter != null) {
            body.put("expire_after", expireAfter);
        }
        Table.one(out(), server.client().send("POST", one(id) + "/secret/rotate", body), server.json());
        return 0;
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar webhooks test wh_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Sends one request now, without a retry; exits 1 when it is not answered 2xx.")
    int test(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ID|URL", description = "A webhook, or any URL.") String target,
            @Option(names = "--event", paramLabel = "NAME", description = "The event's name.") @Nullable String event) {
        ObjectNode body = ServerClient.JSON.createObjectNode();
        body.put(target.contains("://") ? "url" : "webhook_id", target);
        if (event != null) {
            body.put("event", event);
        }
        JsonNode result = server.client().send("POST", PATH + "/test", body);
        if (server.json()) {
            out().println(result);
        } else {
            String what = result.hasNonNull("error_message")
                    ? result.path("error_message").asText()
                    : "The receiver answered " + result.path("response_code").asText();
            out().println(Table.clean(what) + " after "
                    + result.path("duration_ms").asText() + " ms");
        }
        return result.path("success").asBoolean() ? 0 : LonglineCommand.FAILED;
    }

    private static String one(String id) {
        return PATH + "/" + ServerClient.encode(id);
    }

    private PrintWriter out() {
        return Specs.out(spec);
    }
}
