package io.longline.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.policy.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer asks to wait: by its {@code Retry-After}, or as Discord does
 * (<a href="https://discord.com/developers/docs/topics/rate-limits">rate limits</a>), by the number {@code retry_after} of
 * a 429's JSON body, in seconds with a fraction. Of both the longer, since Discord's header is cut to whole seconds.
 */
final class AskedWait {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final JsonFactory JSON = new JsonFactory();

    private AskedWait() {}

    /** The wait; {@code null} when none is asked for. */
    static @Nullable Duration of(int status, @Nullable String header, String body, Instant now) {
        Optional<Duration> byHeader = RetryAfter.parse(header, now);
        Optional<Duration> byBody = status == TOO_MANY_REQUESTS ? ofBody(body) : Optional.empty();
        if (byHeader.isPresent() && byBody.isPresent()) {
            return byHeader.get().compareTo(byBody.get()) > 0 ? byHeader.get() : byBody.get();
        }
        return byHeader.or(() -> byBody).orElse(null);
    }

    private static Optional<Duration> ofBody(String body) {
        if (!body.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try (JsonParser parser = JSON.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isWait = parser.currentName().equals("retry_after");
                JsonToken value = parser.nextToken();
                if (isWait && value.isNumeric()) {
                    return RetryAfter.ofSeconds(parser.getDoubleValue());
                }
                parser.skipChildren();
            }
        } catch (IOException notJson) {
            // It asks for nothing that can be read.
        }
        return Optional.empty();
    }
}
