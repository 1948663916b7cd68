package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.model.TimeSource;
import io.longline.testing.Answer;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S17: what third parties call in becomes events, once they have shown who they are. */
class InboundTest {
    private static final String SECRET = "It's a Secret to Everybody";
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
    private static final AtomicInteger COUNT = new AtomicInteger();

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with().by(new TimeSource(new Settable(), System::nanoTime));

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private String name;

    /** A wall clock that stands where it is set. */
    private static final class Settable extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return NOW.get();
        }
    }

    @BeforeEach
    void anotherName() {
        name = "source-" + COUNT.incrementAndGet();
    }

    private ThirdParty source(String kind, String secret, String more) {
        Answer made = SERVER.api()
                .post(
                        "/api/sources",
                        "{\"name\":\"" + name + "\",\"kind\":\"" + kind + "\",\"secret\":\"" + secret + "\"" + more
                                + "}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return new ThirdParty(SERVER.api(), name, secret);
    }

    private ThirdParty source(String kind) {
        return source(kind, SECRET, "");
    }

    /** The event that an answer tells of, as its receivers get it. */
    private static JsonNode payload(Answer accepted) {
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        return SERVER.api().get("/api/events/" + accepted.id()).json().path("payload");
    }

    private static String event(Answer accepted) {
        return payload(accepted).path("event").asText();
    }

    private static int accepted(String event) {
        return SERVER.api().get("/api/events/recent?event=" + event).each("id").size();
    }

    private static long seconds() {
        return NOW.get().getEpochSecond();
    }

    @Test
    void s17_github_isDeliveredByteForByte() {
        ThirdParty github = source("github", SECRET, ",\"event_prefix\":\"exact\"");
        SERVER.api().register(RECEIVER.url("/exact"), "exact.*");
        String body = "{ \"action\":\"opened\",\"n\":1.10, \"big\":123456789012345678901234567890,\"é\":\"\\u00e9\" }";

        Answer accepted = github.github("pull_request", "one", body + "\n");
        Receiver.Received received = RECEIVER.await("/exact", 1).get(0);

        assertThat(event(accepted)).isEqualTo("exact.pull_request.opened");
        assertThat(accepted.json().path("deliveries").asInt()).isEqualTo(1);
        assertThat(received.text())
                .contains("\"data\":" + body + ",")
                .contains("\"metadata\":{\"source\":\"" + name + "\",\"source_delivery_id\":\"one\"}");
    }

    @Test
    void s17_github_namesItsEvents_andPingIsOne() {
        ThirdParty github = source("github");

        assertThat(event(github.github("push", "1", "{\"ref\":\"main\"}"))).isEqualTo("github.push");
        assertThat(event(github.github("issues", "2", "{\"action\":\"closed\"}")))
                .isEqualTo("github.issues.closed");
        assertThat(event(github.github("ping", "3", "{\"zen\":\"Keep it logically awesome.\"}")))
                .isEqualTo("github.ping");
    }

    /** GitHub's published payloads, shortened. */
    @ParameterizedTest
    @CsvSource({"push,push", "pull_request,pull_request.opened", "issues,issues.opened", "release,release.published"})
    void s17_githubsOwnPayloads_areTakenAsTheyAre(String kind, String event) throws IOException {
        ThirdParty github = source("github");
        String body;
        try (InputStream file = InboundTest.class.getResourceAsStream("/github/" + kind + ".json")) {
            body = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }

        Answer json = github.github(kind, "json", body);
        String form = "payload=" + URLEncoder.encode(body, StandardCharsets.UTF_8);
        Answer fromForm =
                github.form(form, "X-GitHub-Event", kind, "X-Hub-Signature-256", "sha256=" + github.hex(form));

        for (Answer answer : List.of(json, fromForm)) {
            assertThat(event(answer)).isEqualTo("github." + event);
            assertThat(payload(answer).path("data")).isEqualTo(new ObjectMapper().readTree(body));
        }
    }

    @Test
    void s17_githubsForm_isItsPayload() {
        ThirdParty github = source("github");
        String payload = "{\"action\":\"created\",\"body\":\"a+b & c = ü 100%\",\"n\":1.0}";
        String form = "payload=" + URLEncoder.encode(payload, StandardCharsets.UTF_8);

        Answer accepted = github.form(
                form, "X-GitHub-Event", "issue_comment", "X-Hub-Signature-256", "sha256=" + github.hex(form));

        assertThat(event(accepted)).isEqualTo("github.issue_comment.created");
        assertThat(payload(accepted).path("data").toString()).isEqualTo(payload);
    }

    @Test
    void s17_aRepeatedCall_getsTheFirstAnswer_andIsStoredOnce() {
        ThirdParty github = source("github", SECRET, ",\"event_prefix\":\"once\"");

        Answer first = github.github("push", "same", "{}");
        Answer again = github.github("push", "same", "{}");
        Answer other = github.github("push", "other", "{}");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(other.id()).isNotEqualTo(first.id());
        assertThat(accepted("once.push")).isEqualTo(2);
    }

    @Test
    void s17_identifiersOfDifferentSources_neverMeet() {
        ThirdParty one = source("github");
        anotherName();
        ThirdParty other = source("github");

        Answer first = one.github("push", "same", "{}");

        assertThat(other.github("push", "same", "{}").id()).isNotEqualTo(first.id());
        assertThat(one.github("push", "x".repeat(4_000), "{}").id())
                .isEqualTo(one.github("push", "x".repeat(4_000), "{}").id());
    }

    @Test
    void s17_gitlab_showsItsToken() {
        ThirdParty gitlab = source("gitlab");
        String[] headers = {
            "X-Gitlab-Token",
            SECRET,
            "X-Gitlab-Event",
            "Push Hook",
            "X-Gitlab-Event-UUID",
            "u1",
            "Idempotency-Key",
            "k1"
        };

        Answer accepted = gitlab.json("{\"object_kind\":\"push\"}", headers);

        assertThat(event(accepted)).isEqualTo("gitlab.Push Hook");
        assertThat(payload(accepted).at("/metadata/source_delivery_id").asText())
                .isEqualTo("k1");
        assertThat(gitlab.json("{}", headers).id()).isEqualTo(accepted.id());
        assertThat(gitlab.json("{}", "X-Gitlab-Token", SECRET + "x", "X-Gitlab-Event", "Push Hook")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void s17_stripe_repeatsItselfInOtherWords() {
        ThirdParty stripe = source("stripe", "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH", "");
        String body = "{\"id\":\"evt_1\",\"type\":\"invoice.paid\",\"pending_webhooks\":2}";

        Answer first = stripe.stripe(seconds(), body);
        Answer again = stripe.stripe(seconds() - 200, body.replace(":2", ":1"));

        assertThat(event(first)).isEqualTo("stripe.invoice.paid");
        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void s17_shopify_namesItsTopicInAHeader() {
        ThirdParty shopify = source("shopify");
        String body = "{\"id\":820982911946154508}";

        Answer accepted = shopify.json(
                body,
                "X-Shopify-Topic",
                "orders/create",
                "X-Shopify-Webhook-Id",
                "b54557e4",
                "X-Shopify-Hmac-Sha256",
                shopify.base64(body));

        assertThat(event(accepted)).isEqualTo("shopify.orders/create");
        assertThat(payload(accepted).path("data").toString()).isEqualTo(body);
    }

    @Test
    void s17_standard_takesWhatAnotherLonglineSends() {
        ThirdParty standard = source("standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "");

        Answer accepted = standard.standard(seconds(), "msg_1", "{\"type\":\"order.paid\",\"data\":{}}");
        Answer ours = standard.standard(seconds(), "evt_1", "{\"id\":\"evt_1\",\"event\":\"order.sent\"}");

        assertThat(event(accepted)).isEqualTo(name + ".order.paid");
        assertThat(event(ours)).isEqualTo(name + ".order.sent");
        assertThat(standard.standard(seconds() + 1, "msg_1", "{}").id()).isEqualTo(accepted.id());
    }

    @Test
    void s17_slack_isSentItsChallengeBack_andStoresNothing() {
        ThirdParty slack = source("slack", SECRET, ",\"event_prefix\":\"challenged\"");
        String body = "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1aBm2rZgRNFdxV\"}";

        Answer answer = slack.slack(seconds(), body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().toString()).isEqualTo("{\"challenge\":\"3eZbrw1aBm2rZgRNFdxV\"}");
        assertThat(slack.slack(seconds() - 301, body).status()).isEqualTo(401);
        assertThat(accepted("challenged.url_verification")).isZero();
    }

    @Test
    void s17_slacksEventsCommandsAndClicks() {
        ThirdParty slack = source("slack", SECRET, ",\"event_prefix\":\"talk\"");
        String event = "{\"type\":\"event_callback\",\"event_id\":\"Ev1\",\"event\":{\"type\":\"app_mention\"}}";
        String click = "payload=" + URLEncoder.encode("{\"type\":\"block_actions\",\"n\":1}", StandardCharsets.UTF_8);

        Answer mention = slack.slack(seconds(), event);
        Answer command = slack.slackForm(seconds(), "command=%2Fweather&text=94070+now&trigger_id=1.2&x=1&x=2");
        Answer clicked = slack.slackForm(seconds(), click);

        assertThat(event(mention)).isEqualTo("talk.app_mention");
        assertThat(slack.slack(seconds() + 1, event).id()).isEqualTo(mention.id());
        for (Answer silent : List.of(command, clicked, slack.slackForm(seconds(), click))) {
            assertThat(silent.status()).as(silent.toString()).isEqualTo(200);
            assertThat(silent.body()).isEmpty();
        }
        assertThat(accepted("talk.block_actions")).isEqualTo(1);
        String id = SERVER.api()
                .get("/api/events/recent?event=talk.command")
                .each("id")
                .get(0);
        assertThat(SERVER.api()
                        .get("/api/events/" + id)
                        .json()
                        .at("/payload/data")
                        .toString())
                .isEqualTo(
                        "{\"command\":\"/weather\",\"text\":\"94070 now\",\"trigger_id\":\"1.2\",\"x\":[\"1\",\"2\"]}");
    }

    @Test
    void s17_hmacAndToken_sayThemselvesWhereThingsStand() {
        ThirdParty hmac = source(
                "hmac",
                SECRET,
                ",\"header\":\"X-Sum\",\"encoding\":\"base64\",\"signature_prefix\":\"v1=\",\"event_header\":\"X-What\""
                        + ",\"id_header\":\"X-Call\",\"event_prefix\":\"shop\"");
        String signature = "v1=" + hmac.base64("[1,2]");
        Answer signed = hmac.json("[1,2]", "X-Sum", signature, "X-What", "paid", "X-Call", "c1");
        Answer nameless = hmac.json("[1,2]", "X-Sum", signature);
        anotherName();
        ThirdParty token = source("token", "Bearer abcdefgh", ",\"header\":\"Authorization\"");

        assertThat(event(signed)).isEqualTo("shop.paid");
        assertThat(hmac.json("[1,2]", "X-Sum", signature, "X-What", "paid", "X-Call", "c1")
                        .id())
                .isEqualTo(signed.id());
        assertThat(nameless.status()).isEqualTo(400);
        assertThat(nameless.text()).contains("X-What");
        assertThat(event(token.json("\"text\"", "Authorization", "Bearer abcdefgh")))
                .isEqualTo(name + ".received");
        assertThat(event(token.json("{\"event\":\"door.open\"}", "Authorization", "Bearer abcdefgh")))
                .isEqualTo(name + ".door.open");
        assertThat(token.json("1", "Authorization", "Bearer abcdefg").status()).isEqualTo(401);
    }

    @Test
    void s17_replayOfAnOldCall_isRefusedOnceItsTimeHasPassed() {
        ThirdParty stripe = source("stripe");
        Instant before = NOW.get();
        long at = seconds();
        String body = "{\"id\":\"evt_old\",\"type\":\"charge.made\"}";
        try {
            assertThat(stripe.stripe(at, body).status()).isEqualTo(202);
            NOW.set(before.plusSeconds(300));
            assertThat(stripe.stripe(at, body).header("Idempotent-Replayed")).isEqualTo("true");
            NOW.set(before.plusSeconds(301));
            assertThat(stripe.stripe(at, body).status()).isEqualTo(401);
            NOW.set(before.minusSeconds(301));
            assertThat(stripe.stripe(at, body).status()).isEqualTo(401);
        } finally {
            NOW.set(before);
        }
    }

    @Test
    void s17_unknownName_isAnsweredLikeABadSignature_whateverTheBody() {
        ThirdParty known = source("github");
        ThirdParty unknown = new ThirdParty(SERVER.api(), "nobody", SECRET);
        for (String body : List.of("{}", "", "no json", "{\"a\":", "x".repeat(100_000))) {
            Answer bad = known.json(body, "X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + "0".repeat(64));
            Answer none = unknown.github("push", "1", body);

            assertThat(bad.status()).isEqualTo(401);
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.text()).isEqualTo(bad.text());
            assertThat(none.headers().map()).isEqualTo(bad.headers().map());
        }
    }

    @Test
    void s17_aHeaderThatIsThereTwice_provesNothing() {
        ThirdParty github = source("github");
        String signature = "sha256=" + github.hex("{}");

        assertThat(github.json(
                                "{}",
                                "X-GitHub-Event",
                                "push",
                                "X-Hub-Signature-256",
                                signature,
                                "X-Hub-Signature-256",
                                signature)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whatIsSignedButCannotBeCarried_isOneClearProblem() {
        ThirdParty github = source("github");

        assertThat(github.github("push", "1", "{\"a\":1,\"a\":2}").text()).contains("same key twice");
        assertThat(github.github("push", "2", "").text()).contains("empty");
        assertThat(github.github("push", "3", "{} {}").text()).contains("after its JSON value");
        assertThat(github.github("push", "4", "[".repeat(65) + "]".repeat(65)).text())
                .contains("64 levels");
        assertThat(github.github("*", "5", "{}").status()).isEqualTo(400);
        assertThat(github.github("x".repeat(128), "6", "{}").status()).isEqualTo(400);
        assertThat(github.github("push", "7", "\"" + "x".repeat(300_000) + "\"").status())
                .isEqualTo(413);
        String form = "payload=%zz";
        assertThat(github.form(form, "X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + github.hex(form))
                        .status())
                .isEqualTo(400);
        assertThat(github.github("push", "8", "\uFEFF{\"b\":1}").status()).isEqualTo(202);
    }
}
