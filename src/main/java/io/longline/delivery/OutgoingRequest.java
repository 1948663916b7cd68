package io.longline.delivery;

import io.longline.model.Payload;
import java.time.Duration;
import java.util.Map;

/**
 * An HTTP request ready to go.
 *
 * @param headers in the order sent
 * @param timeout for all of it: look-up, connection, sending, answer and body
 */
record OutgoingRequest(String url, Map<String, String> headers, Payload body, Duration timeout) {}
