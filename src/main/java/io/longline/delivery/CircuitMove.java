package io.longline.delivery;

import io.longline.model.CircuitStatus;
import io.longline.model.Webhook;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's circuit went from one state to another.
 *
 * @param retryAt when the next probe may go, where it is open now
 * @param failingSince since when it has not been closed; {@code null} when it is closed now
 * @param eventType of the delivery that moved it; {@code null} when a change of the webhook closed it
 */
record CircuitMove(
        Webhook webhook,
        CircuitStatus from,
        CircuitStatus to,
        @Nullable Instant retryAt,
        @Nullable Instant failingSince,
        @Nullable String eventType) {}
