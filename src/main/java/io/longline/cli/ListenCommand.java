package io.longline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import io.longline.security.Signer;
import io.longline.security.WebhookSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Forwards a copy of a server's live deliveries to a local program, for developing a receiver. */
@Command(
        name = "listen",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar listen --forward-to http://localhost:3000/hook%n%nUsage: ",
        description = {
            "Sends every new delivery of a server to a local URL as well, and prints what it answered: for developing a"
                    + " receiver against real events. The deliveries themselves go on as they would; nothing is stored or"
                    + " tried again. With --secret what is forwarded is signed anew with that secret."
        })
final class ListenCommand implements Callable<Integer> {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final long LONGEST_PAUSE_SECONDS = 30;
    private static final int MOST_REMEMBERED = 10_000;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--forward-to", paramLabel = "URL", required = true, description = "Where to send them.")
    private URI target = URI.create("http://localhost");

    @Option(names = "--webhook", paramLabel = "ID", description = "Only deliveries to this webhook.")
    private @Nullable String webhook;

    @Option(names = "--event", paramLabel = "NAME", description = "Only of events of this name.")
    private @Nullable String event;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Only of this tenant.")
    private @Nullable String tenant;

    @Option(names = "--secret", paramLabel = "SECRET", description = "Signs what is forwarded.")
    private @Nullable String secret;

    @Option(names = "--count", paramLabel = "N", defaultValue = "0", description = "End after so many; 0 for never.")
    private int count;

    @Spec
    private @Nullable CommandSpec spec;

    private final Set<String> known = new LinkedHashSet<>();
    private int forwarded;

    /** Made when it is first used: every command is there at every start, and all of TLS comes with a client. */
    private static final class Local {
        private static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWER)
                .build();
    }

    @Override
    public Integer call() {
        if (target.getHost() == null) {
            throw new ParameterException(Specs.line(spec), "--forward-to must be an http or https URL");
        }
        if (secret != null && WebhookSecret.fault(secret).isPresent()) {
            throw new ParameterException(
                    Specs.line(spec), "--secret " + WebhookSecret.fault(secret).get());
        }
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("webhook_id", webhook);
        query.put("event", event);
        query.put("tenant", tenant);
        String path = ServerClient.path("/api/stream", query);
        ServerClient client = server.client();
        String lastId = "";
        long pause = 1;
        boolean heard = false;
        while (true) {
            Map<String, String> headers =
                    lastId.isEmpty() ? Map.of() : Collections.singletonMap("Last-Event-ID", lastId);
            try (InputStream stream = client.stream(path, headers)) {
                if (!heard && !server.json()) {
                    Specs.out(spec).println("Listening; forwarding to " + target);
                }
                heard = true;
                pause = 1;
                lastId = follow(client, stream, lastId);
                if (isOver()) {
                    return 0;
                }
            } catch (IOException broken) {
                Specs.error(spec, "the stream broke; trying again in " + pause + " s");
            } catch (CommandFailure failure) {
                if (!heard || failure.code() != LonglineCommand.UNREACHABLE) {
                    throw failure;
                }
                Specs.error(spec, failure.getMessage() + "; trying again in " + pause + " s");
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(pause));
            pause = Math.min(LONGEST_PAUSE_SECONDS, pause * 2);
        }
    }

    private boolean isOver() {
        return count > 0 && forwarded >= count;
    }

    /** Reads Server-Sent Events (HTML standard, 9.2) to their end; answers the last identifier. */
    private String follow(ServerClient client, InputStream stream, String lastId) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        String id = lastId;
        String kind = "";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null && !isOver(); line = lines.readLine()) {
            if (line.isEmpty()) {
                if (kind.equals("delivery")) {
                    forwardIfNew(client, data.toString());
                } else if (kind.equals("reset")) {
                    Specs.error(spec, "some deliveries were missed: the stream begins anew");
                }
                kind = "";
                data.setLength(0);
            } else if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                kind = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            }
        }
        return id;
    }

    private void forwardIfNew(ServerClient client, String text) {
        JsonNode delivery;
        try {
            delivery = ServerClient.JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            return;
        }
        String id = delivery.path("id").asText();
        if (!known.add(id) || delivery.path("attempt_count").asInt() > 1) {
            return;
        }
        if (known.size() > MOST_REMEMBERED) {
            known.remove(known.iterator().next());
        }
        JsonNode payload =
                client.get("/api/events/" + delivery.path("event_id").asText()).path("payload");
        forward(delivery, Payload.of(payload.toString().getBytes(StandardCharsets.UTF_8)));
        forwarded++;
    }

    private void forward(JsonNode delivery, Payload payload) {
        Instant now = Instant.now();
        String eventId = delivery.path("event_id").asText();
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header(
                        "X-Webhook-Event",
                        ServerClient.encode(delivery.path("event").asText()))
                .header("X-Webhook-Id", delivery.path("webhook_id").asText())
                .header("X-Webhook-Delivery", delivery.path("id").asText())
                .header("X-Webhook-Attempt", "1")
                .header("webhook-id", eventId)
                .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .POST(BodyPublishers.ofByteArray(payload.bytes()));
        if (secret != null) {
            Signer signer = Signer.of(SigningSecrets.of(secret), now);
            header(request, "X-Webhook-Signature", signer.bodySignature(payload));
            header(request, "webhook-signature", signer.standardSignature(eventId, now, payload));
        }
        print(delivery, send(request.build()));
    }

    private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value != null) {
            request.header(name, value);
        }
    }

    /** The status, or 0 when there was no answer. */
    private int send(HttpRequest request) {
        try {
            HttpResponse<Void> response = Local.CLIENT.send(request, BodyHandlers.discarding());
            return response.statusCode();
        } catch (IOException noAnswer) {
            return 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void print(JsonNode delivery, int status) {
        PrintWriter out = Specs.out(spec);
        if (server.json()) {
            out.println(ServerClient.JSON
                    .createObjectNode()
                    .put("delivery", delivery.path("id").asText())
                    .put("event", delivery.path("event").asText())
                    .put("response_code", status == 0 ? null : status));
        } else {
            out.println(delivery.path("id").asText() + "  "
                    + Table.clean(delivery.path("event").asText()) + "  "
                    + (status == 0 ? "no answer" : "answered " + status));
        }
    }
}
