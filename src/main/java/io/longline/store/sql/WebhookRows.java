package io.longline.store.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.model.CircuitStatus;
import io.longline.model.RetryPolicy;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookFormat;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Webhooks as rows of {@code webhooks}, and back. */
public final class WebhookRows {
    /** Every column that makes a webhook. */
    public static final String COLUMNS = """
            id, tenant, url, events, secret, previous_secret, previous_secret_expires_at, active, paused, retry_count,
            retry_delay, retry_schedule, timeout, headers, metadata, description, format, template, filter, transform, shadow, rate_limit,
            max_in_flight, disabled_reason, circuit, circuit_retry_at, failing_since, version, deleted_at, created_at, updated_at""";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Long>> NUMBERS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> TEXT_MAP = new TypeReference<>() {};

    private WebhookRows() {}

    /** The values of {@link #COLUMNS}, in their order. */
    public static @Nullable Object[] values(Webhook webhook) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(webhook.id().value());
        values.add(webhook.tenant());
        values.addAll(changeable(webhook));
        values.add(webhook.circuit().text());
        values.add(webhook.circuitRetryAt());
        values.add(webhook.failingSince());
        values.add(webhook.version());
        values.add(webhook.deletedAt());
        values.add(webhook.createdAt().toString());
        values.add(webhook.updatedAt().toString());
        return values.toArray();
    }

    /** The values of the columns that a change of the webhook may touch: {@code url} to {@code disabled_reason}. */
    static List<@Nullable Object> changeable(Webhook webhook) {
        SigningSecrets secrets = webhook.secrets();
        List<Duration> schedule = webhook.retry().schedule();
        return Arrays.asList(
                webhook.url(),
                json(webhook.events()),
                secrets.current(),
                secrets.previous(),
                secrets.previousExpiresAt(),
                webhook.active(),
                webhook.paused(),
                webhook.retry().retryCount(),
                webhook.retry().retryDelay().toSeconds(),
                schedule == null
                        ? null
                        : json(schedule.stream().map(Duration::toSeconds).toList()),
                webhook.timeout().toSeconds(),
                json(webhook.headers()),
                webhook.metadataJson(),
                webhook.description(),
                webhook.format().text(),
                webhook.template(),
                webhook.filter(),
                webhook.transform(),
                webhook.shadow(),
                webhook.rateLimit(),
                webhook.maxInFlight(),
                webhook.disabledReason());
    }

    /** The webhook of a row that has {@link #COLUMNS}. */
    public static Webhook read(Row row) {
        return new WebhookBuilder(new WebhookId(row.text("id")), Instant.parse(row.text("created_at")))
                .tenant(row.text("tenant"))
                .url(row.text("url"))
                .events(events(row))
                .secrets(new SigningSecrets(
                        row.textOrNull("secret"),
                        row.textOrNull("previous_secret"),
                        row.instantOrNull("previous_secret_expires_at")))
                .active(row.flag("active"))
                .paused(row.flag("paused"))
                .retry(retryPolicy(row))
                .timeout(Duration.ofSeconds(row.number("timeout")))
                .headers(parse(row.text("headers"), TEXT_MAP))
                .metadataJson(row.text("metadata"))
                .description(row.textOrNull("description"))
                .format(WebhookFormat.valueOf(row.text("format").toUpperCase(Locale.ROOT)))
                .template(row.textOrNull("template"))
                .filter(row.textOrNull("filter"))
                .transform(row.textOrNull("transform"))
                .shadow(row.flag("shadow"))
                .rateLimit(row.fractionOrNull("rate_limit"))
                .maxInFlight(row.integerOrNull("max_in_flight"))
                .disabledReason(row.textOrNull("disabled_reason"))
                .circuit(CircuitStatus.valueOf(row.text("circuit").toUpperCase(Locale.ROOT)))
                .circuitRetryAt(row.instantOrNull("circuit_retry_at"))
                .failingSince(row.instantOrNull("failing_since"))
                .version(row.number("version"))
                .deletedAt(row.instantOrNull("deleted_at"))
                .updatedAt(Instant.parse(row.text("updated_at")))
                .build();
    }

    /** The patterns of a row that has the column {@code events}. */
    static List<String> events(Row row) {
        return parse(row.text("events"), TEXTS);
    }

    private static RetryPolicy retryPolicy(Row row) {
        String schedule = row.textOrNull("retry_schedule");
        return new RetryPolicy(
                (int) row.number("retry_count"),
                Duration.ofSeconds(row.number("retry_delay")),
                schedule == null
                        ? null
                        : parse(schedule, NUMBERS).stream()
                                .map(Duration::ofSeconds)
                                .toList());
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("lists and maps of text have a JSON form", impossible);
        }
    }

    private static <T> T parse(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("a webhook's row holds JSON that cannot be read", damaged);
        }
    }
}
