package io.longline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import io.longline.security.Signer;
import io.longline.security.WebhookSecret;
import java.io.IOException;
import java.io.InputStream;
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
import java.time.temporal.ChronoUnit;
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
    /** Deliveries may be told of in another order than they were made in, by no more than this. */
    private static final Duration OUT_OF_ORDER = Duration.ofMinutes(1);

    private static final int MOST_MISSED = 1_000;

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

    @Option(
            names = "--silence",
            paramLabel = "SECONDS",
            defaultValue = "75",
            description = {
                "How long the server may be silent before it is asked anew (${DEFAULT-VALUE}). More than the"
                        + " live.heartbeat_seconds of its settings."
            })
    private int silence = 75;

    @Spec
    private @Nullable CommandSpec spec;

    private final Set<String> known = new LinkedHashSet<>();
    private final LiveFeed feed = new LiveFeed();
    /** When listening began. */
    private Instant began = Instant.EPOCH;
    /** When the newest delivery was made that was forwarded. */
    private Instant newest = Instant.EPOCH;

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
        if (silence < 1) {
            throw new ParameterException(Specs.line(spec), "--silence must be a whole number from 1 up");
        }
        String path = ServerClient.path("/api/stream", filter());
        began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        long pause = 1;
        boolean heard = false;
        Duration longest = Duration.ofSeconds(silence);
        ServerClient asked = server.client(longest);
        while (true) {
            ServerClient client = asked;
            try (InputStream stream = new WatchedStream(client.stream(path, feed.headers()), longest)) {
                if (!heard && !server.json()) {
                    Specs.out(spec).println("Listening; forwarding to " + target);
                }
                heard = true;
                pause = 1;
                feed.follow(stream, (kind, data) -> heard(client, kind, data), this::isOver);
                if (isOver()) {
                    return 0;
                }
            } catch (IOException broken) {
                String what = broken instanceof WatchedStream.Silence ? "fell silent" : "broke";
                Specs.error(spec, "the stream " + what + "; trying again in " + pause + " s");
                // Where one connection is lost, so are those that are kept for other calls.
                asked = server.client(longest);
            } catch (CommandFailure failure) {
                if (!heard || !failure.isPassing()) {
                    throw failure;
                }
                Specs.error(spec, failure.getMessage() + "; trying again in " + pause + " s");
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(pause));
            pause = Math.min(LONGEST_PAUSE_SECONDS, pause * 2);
        }
    }

    /** What is asked for, of the stream and of the list alike. */
    private Map<String, @Nullable Object> filter() {
        Map<String, @Nullable Object> filter = new LinkedHashMap<>();
        filter.put("webhook_id", webhook);
        filter.put("event", event);
        filter.put("tenant", tenant);
        return filter;
    }

    private boolean isOver() {
        return count > 0 && forwarded >= count;
    }

    private void heard(ServerClient client, String kind, String data) {
        if (kind.equals("reset")) {
            readAfresh(client);
        } else if (kind.equals("delivery")) {
            JsonNode delivery = parse(data);
            if (delivery.path("attempt_count").asInt() > 1) {
                // One of before that is tried again.
                remember(delivery.path("id").asText());
            }
            forwardIfNew(client, delivery);
        }
    }

    /** The stream cannot tell what was missed: it began anew with its server, or too much happened. The list can. */
    private void readAfresh(ServerClient client) {
        Map<String, @Nullable Object> query = filter();
        Instant since = newest.minus(OUT_OF_ORDER);
        query.put("since", since.isBefore(began) ? began : since);
        JsonNode missed = client.list("/api/deliveries", query, MOST_MISSED);
        if (missed.path("next_cursor").isTextual()) {
            Specs.error(spec, "some deliveries were missed: there were more than " + MOST_MISSED);
        }
        for (int index = missed.path("data").size() - 1; index >= 0 && !isOver(); index--) {
            forwardIfNew(client, missed.path("data").path(index));
        }
    }

    private static JsonNode parse(String text) {
        try {
            return ServerClient.JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            return ServerClient.JSON.createObjectNode();
        }
    }

    /** It counts as known only once it is forwarded: what the server cannot tell of now comes again. */
    private void forwardIfNew(ServerClient client, JsonNode delivery) {
        String id = delivery.path("id").asText();
        if (id.isEmpty() || known.contains(id)) {
            return;
        }
        JsonNode stored;
        try {
            stored = client.get("/api/events/" + delivery.path("event_id").asText());
        } catch (CommandFailure failure) {
            if (failure.isPassing()) {
                throw failure;
            }
            Specs.error(spec, id + " is not forwarded: " + failure.getMessage());
            remember(id);
            return;
        }
        forward(delivery, Payload.of(stored.path("payload").toString().getBytes(StandardCharsets.UTF_8)));
        remember(id);
        Instant made = Instant.parse(delivery.path("created_at").asText(began.toString()));
        newest = made.isAfter(newest) ? made : newest;
        forwarded++;
    }

    private void remember(String id) {
        known.add(id);
        if (known.size() > MOST_REMEMBERED) {
            known.remove(known.iterator().next());
        }
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
