package io.longline.delivery;

import io.longline.bus.SharedPayload;
import io.longline.model.Attempt;
import io.longline.model.Webhook;
import io.longline.policy.DeliveryState;
import io.longline.policy.Verdict;
import io.longline.store.Operation.Disable;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.WaitingDelivery;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An attempt under way.
 *
 * @param webhook as it was when the attempt began; the request is rendered from it
 * @param payload held in memory for the attempt; {@code null} when it is to be read
 * @param probe whether it is to find out if an open circuit may close
 */
record Flight(
        Webhook webhook, WaitingDelivery delivery, @Nullable SharedPayload payload, boolean probe) {
    /** The number of this attempt. */
    int attemptNumber() {
        return delivery.attempts() + 1;
    }

    /**
     * What is to be recorded of it.
     *
     * @param disabling why the webhook is to be disabled, if it still is as it was; {@code null} when it is not
     */
    RecordAttempt result(
            Verdict verdict, Attempt attempt, @Nullable String disabling, Instant now, RandomGenerator chance) {
        DeliveryState.Pending before = new DeliveryState.Pending(
                delivery.attempts(), delivery.budgetUsed(), Instant.ofEpochMilli(delivery.nextAttemptAtMillis()));
        DeliveryState next = before.attempted(verdict, webhook.retry(), now, chance);
        @Nullable Disable disable = disabling == null ? null : new Disable(disabling, webhook.version());
        return new RecordAttempt(attempt, webhook.tenant(), next, now.toEpochMilli(), disable);
    }
}
