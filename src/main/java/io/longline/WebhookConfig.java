package io.longline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is to be like, or what is to change of one: only what is said here is changed. What is wrong with a value is
 * told by the call that uses it. For one thread.
 */
public final class WebhookConfig {
    private final ObjectNode fields = JsonValues.object();

    /** Nothing yet: for changes. */
    public WebhookConfig() {}

    /**
     * A new webhook.
     *
     * @param url where to send, http or https
     * @param events 1 to 100 patterns: names, {@code order.*}, or {@code *} for all
     */
    public WebhookConfig(String url, String... events) {
        url(url).events(List.of(events));
    }

    /** Where to send, http or https. */
    public WebhookConfig url(String value) {
        return set("url", value);
    }

    /** 1 to 100 patterns: names, {@code order.*}, or {@code *} for all. */
    public WebhookConfig events(List<String> value) {
        return set("events", value);
    }

    /** What signs its requests; {@code null} for none. When nothing is said, one is made. */
    public WebhookConfig secret(@Nullable String value) {
        return set("secret", value);
    }

    /** Whether it collects events and gets deliveries; so by default. */
    public WebhookConfig active(boolean value) {
        return set("active", value);
    }

    /** Whether deliveries wait while new ones are still collected. */
    public WebhookConfig paused(boolean value) {
        return set("paused", value);
    }

    /** Retries after the first attempt, 0 to 10; 3 by default. */
    public WebhookConfig retryCount(int value) {
        return set("retry_count", value);
    }

    /** The wait before the first retry, which doubles for each further one: 1 s to 24 h in whole seconds; 5 s by default. */
    public WebhookConfig retryDelay(Duration value) {
        return set("retry_delay", value.toSeconds());
    }

    /** The waits before each retry, instead of count and delay; {@code null} for none. */
    public WebhookConfig retrySchedule(@Nullable List<Duration> value) {
        return set(
                "retry_schedule",
                value == null ? null : value.stream().map(Duration::toSeconds).toList());
    }

    /** What one attempt may take in all: 1 s to 300 s in whole seconds; 30 s by default. */
    public WebhookConfig timeout(Duration value) {
        return set("timeout", value.toSeconds());
    }

    /** Request headers of its own. */
    public WebhookConfig headers(Map<String, String> value) {
        return set("headers", value);
    }

    /** Anything of your own to be kept with it; not sent. */
    public WebhookConfig metadata(Map<String, ?> value) {
        return set("metadata", value);
    }

    /** Whose it is; only this tenant's events reach it. It never changes. */
    public WebhookConfig tenant(String value) {
        return set("tenant", value);
    }

    /** Free text; {@code null} for none. */
    public WebhookConfig description(@Nullable String value) {
        return set("description", value);
    }

    /** What its requests look like: {@code standard}, {@code raw}, {@code slack}, {@code discord}, {@code teams}, {@code template}. */
    public WebhookConfig format(String value) {
        return set("format", value);
    }

    /** What makes its requests, where the format takes a template; {@code null} for none. */
    public WebhookConfig template(@Nullable String value) {
        return set("template", value);
    }

    /** Attempts a second at most; {@code null} for no limit. */
    public WebhookConfig rateLimit(@Nullable Double value) {
        return set("rate_limit", value);
    }

    /** Attempts under way at the same time at most; {@code null} for the server's own figure. */
    public WebhookConfig maxInFlight(@Nullable Integer value) {
        return set("max_in_flight", value);
    }

    /**
     * Any field of {@code POST /api/webhooks}.
     *
     * @param value what can be written as JSON; {@code null} clears
     */
    public WebhookConfig set(String field, @Nullable Object value) {
        fields.set(field, JsonValues.tree(field, value));
        return this;
    }

    ObjectNode fields() {
        return fields;
    }
}
