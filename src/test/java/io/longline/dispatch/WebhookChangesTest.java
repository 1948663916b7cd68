package io.longline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.CircuitStatus;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** E3, F13: whoever changes a webhook is answered once its shard goes by the change. */
class WebhookChangesTest extends DispatchFixture {
    private final Promise<Void> shardHears = Promise.promise();
    private final List<WebhookId> asked = new ArrayList<>();

    private enum Change {
        SAVE,
        DELETE
    }

    private Future<Reply> begin(Change change, Webhook webhook) {
        Function<WebhookId, Future<Void>> heard = id -> {
            asked.add(id);
            return shardHears.future();
        };
        WebhookChanges changes = new WebhookChanges(store, new SubscriptionIndex(), time, heard);
        Webhook paused =
                webhook.toBuilder().paused(true).version(webhook.version() + 1).build();
        return change == Change.SAVE
                ? changes.save(new Request.SaveWebhook(paused, webhook.version()))
                : changes.delete(webhook.id());
    }

    @ParameterizedTest
    @EnumSource
    void e3_aChangeIsAnsweredOnceTheShardHasHeardOfIt(Change change) {
        Webhook webhook = registered("order.*");

        Future<Reply> reply = Future.future(promise ->
                context.runOnContext(ignored -> begin(change, webhook).onComplete(promise)));
        await(store.write(new Operation.RecordCircuit(webhook.id(), CircuitStatus.CLOSED, null, null)));
        boolean answeredBefore = onContext(() -> Future.succeededFuture(reply.isComplete()));
        shardHears.complete();

        assertThat(answeredBefore).isFalse();
        assertThat(await(reply)).isNotInstanceOf(Reply.Stale.class).isNotInstanceOf(Reply.Unknown.class);
        assertThat(asked).containsExactly(webhook.id());
    }
}
