package io.longline.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.BatchProcessor;
import io.longline.BlockingWebhookManager;
import io.longline.DatabaseIntegration;
import io.longline.DiscordNotifier;
import io.longline.EventInput;
import io.longline.EventReceipt;
import io.longline.GitHubAdapter;
import io.longline.LonglineException;
import io.longline.LonglineServer;
import io.longline.ManagerOptions;
import io.longline.SlackNotifier;
import io.longline.WebhookConfig;
import io.longline.WebhookInfo;
import io.longline.WebhookManager;
import io.longline.chat.ChatServices;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private ChatServices services;
    private WebhookManager manager;
    private BlockingWebhookManager blocking;

    @BeforeEach
    void open() {
        services = new ChatServices();
        manager = WebhookManager.create(options().set("ingest.max_payload_bytes", "4096"));
        blocking = manager.blocking();
        blocking.start();
    }

    @AfterEach
    void close() {
        blocking.stop();
        services.close();
    }

    private ManagerOptions options() {
        return ManagerOptions.at(folder.resolve("store.db").toString()).set("delivery.shards", "2");
    }

    @Test
    void webhooks_areRegisteredChangedListedAndTakenAway() {
        String id = blocking.registerWebhook(new WebhookConfig(services.url("any"), "a.*"));
        assertThat(blocking.getWebhookSecret(id)).startsWith("whsec_");

        WebhookInfo changed = blocking.updateWebhook(
                id, new WebhookConfig().events(List.of("b")).paused(true).timeout(Duration.ofSeconds(7)));

        assertThat(changed.events()).containsExactly("b");
        assertThat(changed.paused()).isTrue();
        assertThat(changed.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(changed.url()).isEqualTo(services.url("any"));
        assertThat(blocking.listWebhooks()).containsExactly(changed);
        blocking.unregisterWebhook(id);
        assertThat(blocking.listWebhooks()).isEmpty();
        assertThatThrownBy(() -> blocking.getWebhookStats(id))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LonglineException.Reason.NOT_FOUND))
                .hasMessage("There is no webhook " + id);
    }

    @Test
    void whatIsWrong_isToldInOneLineThatNamesTheField() {
        assertThatThrownBy(() -> blocking.registerWebhook(
                        new WebhookConfig("ftp://a", "a").retryCount(11).headers(Map.of("Host", "x"))))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("url ")
                .hasMessageContaining("retry_count must be a whole number between 0 and 10")
                .hasMessageContaining("headers.Host ");
        assertThatThrownBy(() -> blocking.triggerEvent("", 1)).hasMessageContaining("event must");
        assertThatThrownBy(() -> blocking.triggerEvents(
                        List.of(new EventInput("a", 1), new EventInput("b", 1).tenant("no such/name"))))
                .hasMessageContaining("event 1: tenant must");
        assertThatThrownBy(() -> blocking.triggerEvent("a", "x".repeat(5_000)))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LonglineException.Reason.TOO_LARGE));
        assertThatThrownBy(() -> blocking.triggerEvent("a", new Object()))
                .hasMessageStartingWith("data has no JSON form");
        assertThatThrownBy(() -> WebhookManager.create(
                        options().set("delivery.shards", "many").set("no.such", "1")))
                .hasMessageContaining("delivery.shards")
                .hasMessageContaining("no.such");
        DatabaseIntegration database = new DatabaseIntegration(manager);
        assertThatThrownBy(() -> end(database.onRecordCreated("users", 7, "no fields")))
                .hasMessageContaining("data.created of users, row 7: new must be an object");
        GitHubAdapter github = new GitHubAdapter(manager);
        assertThatThrownBy(() -> end(github.handlePush(Map.of("ref", "refs/heads/main"))))
                .hasMessageContaining("github push: repository.full_name must be");
        SlackNotifier slack = new SlackNotifier(manager, services.url("slack"));
        assertThatThrownBy(() -> end(slack.sendAlert("a", "b", "mauve"))).hasMessageContaining("slack: color must be");
        assertThatThrownBy(() -> end(slack.sendMessage(" "))).hasMessageContaining("slack: The message has no text");
        DiscordNotifier discord = new DiscordNotifier(manager, services.url("discord"));
        assertThatThrownBy(() -> end(discord.sendEmbed("a", "b", -1))).hasMessageContaining("discord: color must be");
        WebhookManager second = WebhookManager.create(options());
        assertThatThrownBy(() -> end(second.start()))
                .cause()
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LonglineException.Reason.CANNOT_START));
        second.blocking().stop();
        assertThatThrownBy(() -> second.blocking().listWebhooks()).hasMessageContaining("not running");
    }

    @Test
    void anIdempotencyKey_storesAnEventOnce() {
        EventInput input = new EventInput("a", Map.of("n", 1)).idempotencyKey("k");

        EventReceipt first = blocking.trigger(input);
        EventReceipt second = blocking.trigger(input);

        assertThat(second).isEqualTo(first);
        assertThatThrownBy(() -> blocking.trigger(new EventInput("a", 2).idempotencyKey("k")))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LonglineException.Reason.CONFLICT));
    }

    @Test
    void gitHubsPayloads_becomeItsEvents() throws Exception {
        blocking.registerWebhook(new WebhookConfig(services.url("any"), "github.*"));
        GitHubAdapter github = new GitHubAdapter(manager);
        List<Future<EventReceipt>> handled = List.of(
                github.handlePush(sample("push")),
                github.handlePullRequest(sample("pull_request")),
                github.handleIssue(sample("issues")),
                github.handleRelease(sample("release")),
                github.handle("ping", Map.of("zen", "Keep it logically awesome.", "hook_id", 109948940)));
        List<String> names = new ArrayList<>();
        for (Future<EventReceipt> each : handled) {
            names.add(end(each).event());
        }

        assertThat(names)
                .containsExactly(
                        "github.push",
                        "github.pull_request.opened",
                        "github.issues.opened",
                        "github.release.published",
                        "github.ping");
        await().until(() -> services.taken("any").size() == 5);
        JsonNode push = services.taken("any").stream()
                .filter(payload -> payload.get("event").asText().equals("github.push"))
                .findFirst()
                .orElseThrow();
        assertThat(push.get("data")).isEqualTo(sample("push"));
        EventReceipt once = end(github.handle("issues", "72d3162e-cc78-11e3-81ab-4c9367dc0958", sample("issues")));
        EventReceipt twice = end(github.handle("issues", "72d3162e-cc78-11e3-81ab-4c9367dc0958", sample("issues")));
        assertThat(twice).isEqualTo(once);
    }

    private static JsonNode sample(String name) throws IOException {
        try (InputStream file = LibraryTest.class.getResourceAsStream("/github/" + name + ".json")) {
            return JSON.readTree(file);
        }
    }

    @Test
    void messages_areCutRatherThanRefused_andWaitWhenAskedTo() throws Exception {
        String huge = "a&amp;b&lt;😀".repeat(5_000);
        SlackNotifier slack = new SlackNotifier(manager, services.url("slack"));
        DiscordNotifier discord = new DiscordNotifier(manager, services.url("discord"));
        services.rateLimit(1, 0.3);

        end(discord.sendMessage("first"));
        await().until(() -> services.taken("discord").size() == 1);
        assertThat(services.calls("discord").get(1) - services.calls("discord").get(0))
                .isGreaterThan(300_000_000L);
        blocking.stop();
        manager = WebhookManager.create(options());
        blocking = manager.blocking();
        blocking.start();
        slack = new SlackNotifier(manager, services.url("slack"));
        discord = new DiscordNotifier(manager, services.url("discord"));
        services.rateLimit(0, 0);
        end(slack.sendMessage(huge));
        end(slack.sendAlert(huge, huge, "#FF0000"));
        end(discord.sendMessage(huge));
        end(discord.sendEmbed(huge, huge, 0xFFFFFF));

        await().until(() ->
                services.taken("slack").size() == 2 && services.taken("discord").size() == 3);
        assertThat(services.refused()).isEmpty();
        // The webhook of before was found again.
        assertThat(blocking.listWebhooks()).hasSize(2);
        assertThat(blocking.getWebhookStats(end(discord.webhookId())).successful())
                .isEqualTo(3);
    }

    @Test
    void batches_areFlushedBySizeByTimeAndOnClose_andHarmNoNeighbour() throws Exception {
        BatchProcessor bySize = new BatchProcessor(manager, 10, Duration.ofMinutes(10));
        List<Future<EventReceipt>> stored = new ArrayList<>();
        for (int index = 0; index < 25; index++) {
            stored.add(bySize.addEvent("b", index));
        }
        assertThat(end(stored.get(19)).event()).isEqualTo("b");
        Future<EventReceipt> large = bySize.addEvent("b", "x".repeat(5_000));
        assertThatThrownBy(() -> bySize.addEvent("", 1)).hasMessageContaining("event must");
        assertThat(stored.get(24).isComplete()).isFalse();

        bySize.close();

        assertThat(stored).allMatch(Future::succeeded);
        assertThat(large.cause()).hasMessageContaining("5");
        List<String> ids = stored.stream().map(each -> each.result().id()).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThatThrownBy(() -> bySize.addEvent("b", 1)).hasMessageContaining("closed");

        BatchProcessor byTime = new BatchProcessor(manager, 100, Duration.ofMillis(50));
        assertThat(end(byTime.addEvent("b", 1)).deliveries()).isZero();
        byTime.close();
    }

    /** What Slack takes for markup stays; the three characters stand as references wherever they are meant as such. */
    @Test
    void slackTexts_haveTheirSpecialCharactersEscaped() throws Exception {
        SlackNotifier slack = new SlackNotifier(manager, services.url("slack"));

        end(slack.sendMessage("R&D &amp; a < b > c\n> quoted <https://example.com/?a=1&b=2|here> <@U1> <b>"));
        await().until(() -> services.taken("slack").size() + services.refused().size() == 1);
        end(slack.sendAlert("x < y", "5 > 3 & <!here>", "danger"));
        await().until(() -> services.taken("slack").size() + services.refused().size() == 2);

        assertThat(services.refused()).isEmpty();
        assertThat(services.taken("slack").get(0).get("text").asText())
                .isEqualTo("R&amp;D &amp; a &lt; b &gt; c\n> quoted <https://example.com/?a=1&b=2|here> <@U1> "
                        + "&lt;b&gt;");
        JsonNode alert = services.taken("slack").get(1);
        assertThat(alert.get("text").asText()).isEqualTo("x &lt; y");
        assertThat(alert.at("/attachments/0/blocks/1/text/text").asText()).isEqualTo("5 &gt; 3 &amp; <!here>");
    }

    @Test
    void batches_whoseManagerStopsFirst_endWithAFault() throws Exception {
        BatchProcessor batch = new BatchProcessor(manager, 100, Duration.ofMinutes(10));
        Future<EventReceipt> waiting = batch.addEvent("b", 1);

        blocking.stop();

        assertThatThrownBy(() -> end(waiting)).hasMessageContaining("stopped before the batch processor: 1 events");
        assertThatThrownBy(batch::close).hasMessageContaining("1 events may not be stored");
        assertThatThrownBy(() -> batch.addEvent("b", 2)).hasMessageContaining("not running");
    }

    /** A thread that adds faster than can be stored waits; an event loop, which must not, is told. */
    @Test
    void batches_neverGrowBeyondTheirBound() throws Exception {
        BatchProcessor batch = new BatchProcessor(manager, 2, Duration.ofMinutes(10));
        List<Future<EventReceipt>> stored = new ArrayList<>();
        for (int index = 0; index < 500; index++) {
            stored.add(batch.addEvent("b", index));
            long waiting = stored.stream().filter(each -> !each.isComplete()).count();
            assertThat(waiting).isLessThanOrEqualTo(2 * 10 + 2);
        }
        end(batch.flush());
        assertThat(stored).allMatch(Future::succeeded);

        Vertx vertx = Vertx.vertx();
        Future<Object> onLoop = Future.future(promise -> vertx.runOnContext(ignored -> {
            try {
                for (int index = 0; index < 100_000; index++) {
                    batch.addEvent("b", index);
                }
                promise.complete();
            } catch (LonglineException full) {
                promise.fail(full);
            }
        }));
        assertThatThrownBy(() -> end(onLoop)).hasMessageContaining("wait to be stored");
        vertx.close();
        batch.close();
    }

    @Test
    void sharedVertx_isLeftOpen_andTakesAnotherManagerAfterwards() throws Exception {
        Vertx vertx = Vertx.vertx();
        for (int round = 0; round < 2; round++) {
            WebhookManager shared = WebhookManager.create(
                    ManagerOptions.at(folder.resolve("shared.db").toString()).vertx(vertx));
            end(shared.start());
            end(shared.triggerEvent("a", 1));
            end(shared.stop());
        }
        end(vertx.close());
    }

    /** Reachable from elsewhere and without a key, a server makes one, shows it, and asks for it from then on. */
    @Test
    void server_makesItsFirstKey() throws Exception {
        String file = folder.resolve("server.db").toString();
        PrintStream before = System.out;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
        LonglineServer server;
        try {
            server = LonglineServer.run("0.0.0.0", 0, ManagerOptions.at(file));
        } finally {
            System.setOut(before);
        }
        String key = shown.toString(StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("llk_"))
                .findFirst()
                .orElseThrow();
        try (server) {
            String id = server.manager().blocking().registerWebhook(new WebhookConfig("http://example.com/", "a"));
            assertThat(call(server, null).statusCode()).isEqualTo(401);
            assertThat(call(server, key).body()).contains(id);
        }
        try (LonglineServer again = LonglineServer.run("0.0.0.0", 0, ManagerOptions.at(file))) {
            assertThat(call(again, key).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> call(LonglineServer server, String key) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/webhooks"));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static <T> T end(Future<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }
}
