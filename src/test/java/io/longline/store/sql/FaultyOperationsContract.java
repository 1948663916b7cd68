package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.Webhook;
import io.longline.store.Acceptance;
import io.longline.store.Operation;
import io.longline.store.Operation.NewEvent;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E2: an operation that cannot be written harms only itself, whoever shares its commit. */
public abstract class FaultyOperationsContract extends StoreContract {
    @Test
    void e2_aDuplicateIdHarmsOnlyItself() {
        Webhook webhook = registered();
        NewEvent known = event(webhook);
        write(accept(known));
        NewEvent before = event(webhook);
        NewEvent after = event(webhook);

        List<Future<?>> written = together(() -> List.of(
                store.write(accept(before)), store.write(accept(event(webhook), known)), store.write(accept(after))));

        assertThat(await(written.get(0))).isEqualTo(new Acceptance.Stored());
        assertThat(faultOf(written.get(1))).isInstanceOf(IllegalStateException.class);
        assertThat(await(written.get(2))).isEqualTo(new Acceptance.Stored());
        assertThat(rows("SELECT id FROM events ORDER BY id"))
                .containsExactly(
                        known.id().value(), before.id().value(), after.id().value());
        assertThat(store.isWritable()).isTrue();
    }

    @Test
    void e2_aFaultyOperationIsNeitherReportedNorCounted() {
        Webhook webhook = registered();
        NewEvent known = event(webhook);
        write(accept(known));
        NewEvent sound = event(webhook);

        List<Future<?>> written =
                together(() -> List.of(store.write(accept(event(webhook), known)), store.write(accept(sound))));
        written.forEach(StoreContract::faultOf);

        assertThat(commits.get(commits.size() - 1).made()).hasSize(1);
        assertThat(rows("SELECT pending FROM webhook_totals")).containsExactly("2");
        assertThat(rows("SELECT accepted FROM tenant_stats WHERE tenant = 'default'"))
                .containsExactly("2");
    }

    /** Also where the commit is written one by one, an event must see that its webhook has just been deleted. */
    @Test
    void e10_anEventBehindADeletionIsCancelledEvenBesideAFaultyOperation() {
        Webhook webhook = registered();
        Webhook other = registered();
        NewEvent known = event(other);
        write(accept(known));

        List<Future<?>> written = together(() -> List.of(
                store.write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(START))),
                store.write(accept(event(webhook))),
                store.write(accept(known))));
        written.forEach(StoreContract::faultOf);

        assertThat(rows("SELECT status FROM deliveries WHERE webhook_id = '" + webhook.id() + "'"))
                .containsExactly("cancelled");
        assertThat(rows("SELECT pending FROM tenant_totals WHERE tenant = '*'")).containsExactly("1");
    }

    @Test
    void e2_aWebhookThatIsNotThereHarmsOnlyTheEventForIt() {
        Webhook unknown = webhook().build();
        Webhook webhook = registered();

        List<Future<?>> written =
                together(() -> List.of(store.write(accept(event(unknown))), store.write(accept(event(webhook)))));

        assertThat(faultOf(written.get(0))).isInstanceOf(IllegalStateException.class);
        assertThat(await(written.get(1))).isEqualTo(new Acceptance.Stored());
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("1");
    }

    /** An attempt without its delivery would be found by nobody, and stay for ever. */
    @Test
    void e2_aResultOfADeliveryThatIsNotThereHarmsOnlyItself() {
        Webhook webhook = registered();
        DeliveryId delivery = delivered(webhook);
        Operation.RecordAttempt stray = succeeded(webhook, ids.delivery(), 1);

        List<Future<?>> written =
                together(() -> List.of(store.write(stray), store.write(succeeded(webhook, delivery, 1))));

        assertThat(faultOf(written.get(0))).isInstanceOf(IllegalStateException.class);
        await(written.get(1));
        assertThat(rows("SELECT delivery_id FROM delivery_attempts")).containsExactly(delivery.value());
        assertThat(rows("SELECT attempts_succeeded FROM webhook_totals")).containsExactly("1");
    }

    /** Damage that no single operation is to blame for must neither end the writer nor leave anybody waiting. */
    @Test
    void e2_aBatchThatCannotBeWrittenAtAllIsAnsweredAsUnavailable() {
        Webhook webhook = registered();
        change("ALTER TABLE tenant_totals RENAME TO elsewhere");

        Throwable refused = faultOf(store.write(accept(event(webhook))));

        assertThat(refused)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageNotContainingAny("tenant_totals", "SQL");
        assertThat(store.isWritable()).isFalse();
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("0");
        change("ALTER TABLE elsewhere RENAME TO tenant_totals");
        assertThat(write(accept(event(webhook)))).isEqualTo(new Acceptance.Stored());
    }

    @Test
    void write_completesOnTheCallersContext() {
        Future<Boolean> sameContext = Future.future(promise -> vertx.runOnContext(ignored -> {
            var context = vertx.getOrCreateContext();
            store.write(new Operation.CreateWebhook(webhook().build()))
                    .onComplete(done -> promise.complete(vertx.getOrCreateContext() == context));
        }));

        assertThat(await(sameContext)).isTrue();
    }

    /** With several listeners a future passes over what one of them throws, unless it has a context to report it to. */
    @Test
    void f18_errorOfAListenerOfAWrite_isHeardOf() {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        Promise<Throwable> heard = Promise.promise();
        vertx.exceptionHandler(heard::tryComplete);

        vertx.runOnContext(
                ignored -> store.write(new Operation.CreateWebhook(webhook().build()))
                        .onSuccess(done -> {
                            throw error;
                        })
                        .onFailure(heard::tryFail));

        assertThat(await(heard.future())).isSameAs(error);
    }

    @Test
    void retryByHand_ofAnUnknownDeliveryIsNoFault() {
        DeliveryId unknown = ids.delivery();

        assertThat(write(new Operation.RetryDelivery(unknown, START))).isEqualTo(Operation.Manual.UNKNOWN);
        assertThat(write(new Operation.CancelDelivery(unknown, START))).isEqualTo(Operation.Manual.UNKNOWN);
    }
}
