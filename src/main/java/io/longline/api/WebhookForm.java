package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.RetryPolicy;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookFormat;
import io.longline.policy.EventPattern;
import io.longline.security.Destination;
import io.longline.security.DestinationRules;
import io.longline.security.HeaderRules;
import io.longline.security.WebhookSecret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what a caller says of a webhook: all of it on registration, a merge patch (RFC 7396) afterwards. */
final class WebhookForm {
    private static final int MOST_PATTERNS = 100;
    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final int MOST_METADATA_BYTES = 16_384;
    private static final int LONGEST_DELAY = 86_400;
    private static final int MOST_RETRIES = 10;
    private static final int MOST_IN_FLIGHT = 256;

    private WebhookForm() {}

    /** A new webhook from a body; every fault at once. */
    static Webhook create(
            JsonNode body, WebhookBuilder builder, Caller caller, DestinationRules rules, Supplier<String> newSecret) {
        Faults faults = new Faults();
        Fields fields = Fields.of(body, faults);
        String tenant = fields.tenant();
        SigningSecrets secrets = fields.has("secret") ? secrets(fields, faults) : SigningSecrets.of(newSecret.get());
        settings(fields, builder, rules, faults);
        fields.refuseOthers();
        faults.refuseIfAny();
        return builder.tenant(caller.tenantFor(tenant)).secrets(secrets).build();
    }

    /** A webhook as a merge patch changes it; every fault at once. */
    static Webhook patch(Webhook webhook, JsonNode patch, DestinationRules rules, Instant now) {
        if (!(patch instanceof ObjectNode changes)) {
            throw Problem.of(422, "The body must be a JSON object");
        }
        Faults faults = new Faults();
        Fields patchFields = Fields.of(changes, faults);
        ObjectNode merged = Views.settings(webhook, Json.object());
        // Judged before the merge, which forgets a field that is given as null.
        merged.fieldNames().forEachRemaining(patchFields::get);
        patchFields.get("secret");
        patchFields.refuseOthers();
        merge(merged, changes);
        Fields fields = Fields.of(merged, faults);
        WebhookBuilder builder = webhook.toBuilder();
        if (patchFields.has("secret")) {
            builder.secrets(secrets(patchFields, faults));
        }
        settings(fields, builder, rules, faults);
        faults.refuseIfAny();
        Webhook changed = builder.build();
        // What Longline disabled is its own reason only until somebody says otherwise.
        String reason = changed.active() ? null : webhook.active() ? null : webhook.disabledReason();
        return changed.toBuilder()
                .disabledReason(reason)
                .version(webhook.version() + 1)
                .updatedAt(now)
                .build();
    }

    /**
     * A webhook with other settings, whole fields at a time; every fault at once. Its secret stays unless one is given.
     *
     * @param fields as on registration
     * @param keepOthers whether fields that are not given stay as they are, rather than become the defaults
     */
    static Webhook replace(
            Webhook webhook, ObjectNode fields, boolean keepOthers, DestinationRules rules, Instant now) {
        Faults faults = new Faults();
        ObjectNode whole = keepOthers ? Views.settings(webhook, Json.object()) : Json.object();
        whole.setAll(fields);
        Fields read = Fields.of(whole, faults);
        WebhookBuilder builder = webhook.toBuilder();
        read.get("tenant");
        if (read.has("secret")) {
            SigningSecrets given = secrets(read, faults);
            boolean same = Objects.equals(given.current(), webhook.secrets().current());
            builder.secrets(same ? webhook.secrets() : given);
        }
        settings(read, builder, rules, faults);
        read.refuseOthers();
        faults.refuseIfAny();
        Webhook changed = builder.build();
        return changed.toBuilder()
                .disabledReason(changed.active() ? null : webhook.disabledReason())
                .version(webhook.version() + 1)
                .updatedAt(now)
                .build();
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(entry -> {
            JsonNode change = entry.getValue();
            if (change.isNull()) {
                target.remove(entry.getKey());
            } else if (change instanceof ObjectNode changes) {
                JsonNode before = target.get(entry.getKey());
                ObjectNode inner = before instanceof ObjectNode object ? object : Json.object();
                merge(inner, changes);
                target.set(entry.getKey(), inner);
            } else {
                target.set(entry.getKey(), change);
            }
        });
    }

    private static SigningSecrets secrets(Fields fields, Faults faults) {
        String secret = fields.text("secret", 1_000);
        if (secret != null) {
            faults.add("/secret", WebhookSecret.faultOfNew(secret));
        }
        return SigningSecrets.of(secret);
    }

    private static void settings(Fields fields, WebhookBuilder builder, DestinationRules rules, Faults faults) {
        url(fields, builder, rules, faults);
        builder.events(events(fields, faults))
                .active(fields.flag("active", true))
                .paused(fields.flag("paused", false))
                .shadow(fields.flag("shadow", false))
                .retry(retry(fields))
                .headers(headers(fields, "headers", faults))
                .metadataJson(metadata(fields, faults))
                .description(fields.text("description", LONGEST_DESCRIPTION))
                .rateLimit(fields.number("rate_limit", 0.01, 10_000))
                .maxInFlight(fields.whole("max_in_flight", 1, MOST_IN_FLIGHT));
        FormatChoice choice = FormatChoice.of(fields, WebhookFormat.STANDARD, faults);
        builder.format(choice.format()).template(choice.template());
        ExpressionChoice expressions = ExpressionChoice.of(fields, choice.format(), faults);
        builder.filter(expressions.filter()).transform(expressions.transform());
        Duration timeout = timeout(fields);
        builder.timeout(timeout == null ? Duration.ofSeconds(30) : timeout);
    }

    private static void url(Fields fields, WebhookBuilder builder, DestinationRules rules, Faults faults) {
        JsonNode url = fields.get("url");
        if (url == null) {
            faults.add("/url", "is required");
        } else if (!url.isTextual()) {
            faults.add("/url", "must be a string");
        } else {
            faults.add("/url", urlFault(url.textValue(), rules));
            builder.url(url.textValue());
        }
    }

    /** What is wrong with a URL, whatever its name may resolve to. */
    static Optional<String> urlFault(String url, DestinationRules rules) {
        Optional<String> fault = Destination.fault(url);
        return fault.isPresent() ? fault : rules.fault(Destination.of(url));
    }

    private static List<String> events(Fields fields, Faults faults) {
        Set<String> patterns = new LinkedHashSet<>();
        if (fields.get("events") == null) {
            faults.add("/events", "is required");
        }
        fields.each("events", 1, MOST_PATTERNS, (pointer, element) -> {
            if (!element.isTextual()) {
                faults.add(pointer, "must be a string");
            } else {
                faults.add(pointer, EventPattern.fault(element.textValue()));
                patterns.add(element.textValue());
            }
        });
        return new ArrayList<>(patterns);
    }

    private static RetryPolicy retry(Fields fields) {
        Integer count = fields.whole("retry_count", 0, MOST_RETRIES);
        Integer delay = fields.whole("retry_delay", 1, LONGEST_DELAY);
        List<Duration> schedule = new ArrayList<>();
        fields.each("retry_schedule", 1, MOST_RETRIES, (pointer, element) -> {
            Integer seconds = fields.whole(pointer, element, 0, LONGEST_DELAY);
            schedule.add(Duration.ofSeconds(seconds == null ? 0 : seconds));
        });
        return new RetryPolicy(
                count == null ? RetryPolicy.DEFAULT.retryCount() : count,
                delay == null ? RetryPolicy.DEFAULT.retryDelay() : Duration.ofSeconds(delay),
                schedule.isEmpty() ? null : schedule);
    }

    /** The {@code timeout} of a body; {@code null} when it says none. */
    static @Nullable Duration timeout(Fields fields) {
        Integer seconds = fields.whole("timeout", 1, 300);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    /** The request headers of a body. */
    static Map<String, String> headers(Fields fields, String name, Faults faults) {
        Map<String, String> headers = fields.texts(name);
        Set<String> names = new HashSet<>();
        int characters = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!names.add(header.getKey().toLowerCase(Locale.ROOT))) {
                faults.add(
                        Faults.pointer("/" + name, header.getKey()),
                        "is there twice: names that differ only in case are the same header");
            }
            faults.add(
                    Faults.pointer("/" + name, header.getKey()), HeaderRules.fault(header.getKey(), header.getValue()));
            characters += header.getKey().length() + header.getValue().length();
        }
        if (headers.size() > HeaderRules.MOST || characters > HeaderRules.MOST_CHARACTERS) {
            faults.add(
                    "/" + name,
                    "must be at most " + HeaderRules.MOST + " headers of " + HeaderRules.MOST_CHARACTERS
                            + " characters together");
        }
        return headers;
    }

    private static String metadata(Fields fields, Faults faults) {
        JsonNode metadata = fields.get("metadata");
        if (metadata == null) {
            return "{}";
        }
        if (!metadata.isObject()) {
            faults.add("/metadata", "must be an object");
            return "{}";
        }
        byte[] json = Json.write(metadata);
        if (json.length > MOST_METADATA_BYTES) {
            faults.add("/metadata", "must have at most " + MOST_METADATA_BYTES + " bytes as JSON");
        }
        return new String(json, StandardCharsets.UTF_8);
    }
}
