package io.longline.delivery;

import io.longline.model.Outcome;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a request ended.
 *
 * @param status the HTTP status; {@code null} without an answer
 * @param headers the answer's headers by name, repeated ones joined; {@code null} without an answer
 * @param body the first part of the answer's body, as text; {@code null} without an answer
 */
record Answer(
        Outcome outcome,
        @Nullable Integer status,
        @Nullable Map<String, String> headers,
        @Nullable String body,
        Instant startedAt,
        double durationMillis) {}
