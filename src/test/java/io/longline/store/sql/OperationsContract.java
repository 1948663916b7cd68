package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.AuditEntry;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.RetryPolicy;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.store.Acceptance;
import io.longline.store.Commit;
import io.longline.store.Operation;
import io.longline.store.Operation.NewEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each kind of write leaves behind, and what it reports. */
public abstract class OperationsContract extends StoreContract {
    private Commit lastCommit() {
        return commits.get(commits.size() - 1);
    }

    @Test
    void createWebhook_keepsEveryFieldAndReportsIt() {
        Webhook webhook = webhook()
                .tenant("acme")
                .url("https://example.com/ü?a=b")
                .events(List.of("order.*", "user.created"))
                .secrets(new SigningSecrets("whsec_new", "whsec_old", Instant.ofEpochMilli(START + 5)))
                .active(false)
                .paused(true)
                .retry(new RetryPolicy(7, Duration.ofSeconds(9), List.of(Duration.ofSeconds(1), Duration.ofHours(2))))
                .timeout(Duration.ofSeconds(12))
                .headers(Map.of("X-One", "1"))
                .metadataJson("{\"team\":\"α\"}")
                .description("a 'quoted' text")
                .rateLimit(2.5)
                .maxInFlight(3)
                .disabledReason("gone")
                .circuit(CircuitStatus.OPEN)
                .circuitRetryAt(Instant.ofEpochMilli(START + 30_000))
                .version(4)
                .build();

        Webhook answered = write(new Operation.CreateWebhook(webhook));

        assertThat(answered).isEqualTo(webhook);
        assertThat(await(store.queries().webhook(webhook.id()))).contains(webhook);
        assertThat(await(store.registeredWebhooks())).containsExactly(webhook);
        assertThat(lastCommit().webhooks()).containsExactly(webhook);
    }

    @Test
    void acceptEvents_reportsItsDeliveriesAndKeepsThePayloadByteForByte() {
        Webhook one = registered();
        Webhook other = registered();
        NewEvent event = event(one, other);

        Acceptance answered = write(accept(event));

        assertThat(answered).isEqualTo(new Acceptance.Stored());
        assertThat(lastCommit().made())
                .extracting(Commit.Made::webhookId, Commit.Made::deliveryId, Commit.Made::eventId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                one.id(), event.targets().get(0).deliveryId(), event.id()),
                        org.assertj.core.groups.Tuple.tuple(
                                other.id(), event.targets().get(1).deliveryId(), event.id()));
        assertThat(await(store.payloads(List.of(event.id()))).get(event.id()).bytes())
                .isEqualTo(event.payload().bytes());
        assertThat(rows("SELECT hex(payload) FROM events"))
                .containsExactly(java.util.HexFormat.of()
                        .withUpperCase()
                        .formatHex(event.payload().bytes()));
    }

    @Test
    void acceptEvents_thatNobodySubscribesToIsStoredAndReportedToNobody() {
        write(accept(event()));

        assertThat(rows("SELECT delivery_count FROM events")).containsExactly("0");
        assertThat(commits).isEmpty();
    }

    @Test
    void e5_aNewDeliveryIsDueWhenItWasAccepted() {
        Webhook webhook = registered();
        NewEvent event = event(webhook);

        write(accept(event));

        assertThat(await(store.firstAttempts(webhook.id(), 10)))
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.nextAttemptAtMillis())
                        .isEqualTo(event.acceptedAtMillis())
                        .isEqualTo(waiting.openedAtMillis()));
        assertThat(rows("SELECT next_attempt_at = created_at FROM deliveries")).containsExactly("1");
    }

    @Test
    void recordAttempt_thatFailedLeavesTheFirstAttemptsForTheRetries() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);

        boolean disabled = write(failedOnce(webhook, id, 1, Instant.ofEpochMilli(START + 5_000)));

        assertThat(disabled).isFalse();
        assertThat(await(store.firstAttempts(webhook.id(), 10))).isEmpty();
        assertThat(await(store.retries(webhook.id(), 10))).singleElement().satisfies(waiting -> {
            assertThat(waiting.nextAttemptAtMillis()).isEqualTo(START + 5_000);
            assertThat(waiting.attempts()).isEqualTo(1);
            assertThat(waiting.budgetUsed()).isEqualTo(1);
        });
        assertThat(lastCommit().settled()).containsExactly(new Commit.Settled(webhook.id(), id, START + 5_000));
    }

    @Test
    void recordAttempt_thatSucceededEndsTheDelivery() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);

        write(succeeded(webhook, id, 1));

        assertThat(await(store.backlogs(List.of(webhook.id())))).isEmpty();
        assertThat(rows("SELECT status, attempts, last_response_code, next_attempt_at FROM deliveries"))
                .containsExactly("succeeded,1,200,null");
        assertThat(lastCommit().settled()).containsExactly(new Commit.Settled(webhook.id(), id, null));
    }

    /** After a COMMIT of unknown outcome the same result is written again. */
    @Test
    void e2_aResultRecordedTwiceCountsOnce() {
        Webhook webhook = registered();
        var result = succeeded(webhook, delivered(webhook), 1);
        write(result);

        write(result);

        assertThat(rows("SELECT count(*) FROM delivery_attempts")).containsExactly("1");
        assertThat(await(store.queries().webhookStatistics(webhook.id())).succeededAttempts())
                .isEqualTo(1);
        assertThat(lastCommit().settled()).hasSize(1);
    }

    @Test
    void e3_anAutomaticDisableAppliesOnlyToTheVersionThatWasSentWith() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(new Operation.SaveWebhook(webhook.toBuilder().version(2).build(), 1));
        var gone = new io.longline.policy.DeliveryState.Failed(1, io.longline.model.FailureReason.GONE);

        boolean disabled = write(
                result(webhook.id(), "default", id, 1, 410, gone, new Operation.Disable("gone", webhook.version())));

        assertThat(disabled).isFalse();
        assertThat(await(store.queries().webhook(webhook.id())).orElseThrow().active())
                .isTrue();
        assertThat(lastCommit().webhooks()).isEmpty();
    }

    @Test
    void e3_anAutomaticDisableIsAChangeLikeAnyOther() {
        Webhook webhook = registered();
        var gone = new io.longline.policy.DeliveryState.Failed(1, io.longline.model.FailureReason.GONE);

        boolean disabled = write(result(
                webhook.id(),
                "default",
                delivered(webhook),
                1,
                410,
                gone,
                new Operation.Disable("gone", webhook.version())));

        assertThat(disabled).isTrue();
        assertThat(lastCommit().webhooks()).singleElement().satisfies(changed -> {
            assertThat(changed.active()).isFalse();
            assertThat(changed.disabledReason()).isEqualTo("gone");
            assertThat(changed.version()).isEqualTo(2);
        });
    }

    @Test
    void saveWebhook_thatSomebodyElseChangedMeanwhileIsRefused() {
        Webhook webhook = registered();
        write(new Operation.SaveWebhook(
                webhook.toBuilder().version(2).description("theirs").build(), 1));

        boolean saved = write(new Operation.SaveWebhook(
                webhook.toBuilder().version(2).description("ours").build(), 1));

        assertThat(saved).isFalse();
        assertThat(await(store.queries().webhook(webhook.id())).orElseThrow().description())
                .isEqualTo("theirs");
    }

    @Test
    void saveWebhook_withAnotherUrlGivesTheCircuitAFreshStart() {
        Webhook webhook = registered();
        write(new Operation.RecordCircuit(
                webhook.id(), CircuitStatus.OPEN, Instant.ofEpochMilli(START + 30_000), Instant.ofEpochMilli(START)));

        write(new Operation.SaveWebhook(
                webhook.toBuilder().version(2).url("http://127.0.0.1:9/other").build(), 1));

        Webhook saved = await(store.queries().webhook(webhook.id())).orElseThrow();
        assertThat(saved.circuit()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(saved.circuitRetryAt()).isNull();
        assertThat(saved.failingSince()).isNull();
    }

    @Test
    void saveWebhook_withTheSameUrlKeepsTheCircuitAsItWasStoredMeanwhile() {
        Webhook webhook = registered();
        write(new Operation.RecordCircuit(
                webhook.id(), CircuitStatus.OPEN, Instant.ofEpochMilli(START + 30_000), Instant.ofEpochMilli(START)));

        write(new Operation.SaveWebhook(
                webhook.toBuilder().version(2).description("new").build(), 1));

        Webhook saved = await(store.queries().webhook(webhook.id())).orElseThrow();
        assertThat(saved.circuit()).isEqualTo(CircuitStatus.OPEN);
        assertThat(saved.circuitRetryAt()).isEqualTo(Instant.ofEpochMilli(START + 30_000));
        assertThat(saved.failingSince()).isEqualTo(Instant.ofEpochMilli(START));
    }

    @Test
    void expireDeliveries_failsWhatStillWaitsAndReportsAll() {
        Webhook webhook = registered();
        DeliveryId waiting = delivered(webhook);
        DeliveryId ended = delivered(webhook);
        write(succeeded(webhook, ended, 1));

        write(new Operation.ExpireDeliveries(webhook.id(), "default", List.of(waiting, ended), START + 9));

        assertThat(rows("SELECT status, reason FROM deliveries ORDER BY id"))
                .containsExactly("failed,expired", "succeeded,null");
        assertThat(lastCommit().settled())
                .containsExactly(
                        new Commit.Settled(webhook.id(), waiting, null), new Commit.Settled(webhook.id(), ended, null));
    }

    @Test
    void recordAudit_keepsWhoDidWhat() {
        write(new Operation.RecordAudit(new AuditEntry(
                ids.next("aud_"),
                Instant.ofEpochMilli(START),
                "somebody",
                "192.0.2.1",
                "webhook.secret.read",
                "wh_1",
                "default",
                "why")));

        assertThat(rows("SELECT at, actor, address, action, subject, tenant, detail FROM audit"))
                .containsExactly(START + ",somebody,192.0.2.1,webhook.secret.read,wh_1,default,why");
    }

    /** A result comes before a change and a change before an event, in whatever order they were given. */
    @Test
    void commit_writesByRank() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        NewEvent event = event(webhook);
        int before = commits.size();

        List<Future<?>> written = together(() -> {
            Future<?> accepted = store.write(accept(event));
            Future<?> deleted = store.write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(START)));
            Future<?> recorded = store.write(succeeded(webhook, id, 1));
            return List.of(accepted, deleted, recorded);
        });
        written.forEach(StoreContract::await);

        assertThat(commits).hasSize(before + 1);
        assertThat(rows("SELECT status FROM deliveries ORDER BY id")).containsExactly("succeeded", "cancelled");
        assertThat(lastCommit().settled()).hasSize(1);
        assertThat(lastCommit().webhooks()).hasSize(1);
        assertThat(lastCommit().made()).isEmpty();
    }

    @Test
    void e4_commitsAreReportedInTheOrderInWhichTheyWereWritten() {
        Webhook webhook = registered();
        List<DeliveryId> given = new ArrayList<>();
        List<Future<?>> written = new ArrayList<>();
        for (int count = 0; count < 500; count++) {
            NewEvent event = event(webhook);
            given.add(event.targets().get(0).deliveryId());
            written.add(store.write(accept(event)));
        }

        written.forEach(StoreContract::await);

        List<DeliveryId> reported = commits.stream()
                .flatMap(commit -> commit.made().stream())
                .map(Commit.Made::deliveryId)
                .toList();
        assertThat(reported).containsExactlyElementsOf(given);
    }

    @Test
    void close_writesWhatWaits() {
        Webhook webhook = registered();
        List<Future<Acceptance>> written = new ArrayList<>();
        for (int count = 0; count < 200; count++) {
            written.add(store.write(accept(event(webhook))));
        }

        await(store.close());

        assertThat(written).allSatisfy(one -> assertThat(await(one)).isEqualTo(new Acceptance.Stored()));
        assertThat(rows("SELECT count(*) FROM deliveries")).containsExactly("200");
        assertThat(faultOf(store.write(accept(event(webhook)))))
                .isInstanceOf(io.longline.store.StoreUnavailableException.class);
    }
}
