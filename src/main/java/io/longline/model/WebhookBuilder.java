package io.longline.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Webhook}, new or from another. For one thread. */
public final class WebhookBuilder {
    private final WebhookId id;
    private final Instant createdAt;
    private String tenant = Webhook.DEFAULT_TENANT;
    private String url = "";
    private List<String> events = List.of();
    private SigningSecrets secrets = SigningSecrets.NONE;
    private boolean active = true;
    private boolean paused;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private Duration timeout = Duration.ofSeconds(30);
    private Map<String, String> headers = Map.of();
    private String metadataJson = "{}";
    private @Nullable String description;
    private WebhookFormat format = WebhookFormat.STANDARD;
    private @Nullable String template;
    private @Nullable String filter;
    private @Nullable String transform;
    private boolean shadow;
    private @Nullable Double rateLimit;
    private @Nullable Integer maxInFlight;
    private @Nullable String disabledReason;
    private CircuitStatus circuit = CircuitStatus.CLOSED;
    private @Nullable Instant circuitRetryAt;
    private @Nullable Instant failingSince;
    private long version = 1;
    private @Nullable Instant deletedAt;
    private Instant updatedAt;

    /** A webhook with every default, to which at least URL and events must be given. */
    public WebhookBuilder(WebhookId id, Instant createdAt) {
        this.id = id;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    WebhookBuilder(Webhook webhook) {
        this(webhook.id(), webhook.createdAt());
        tenant = webhook.tenant();
        url = webhook.url();
        events = webhook.events();
        secrets = webhook.secrets();
        active = webhook.active();
        paused = webhook.paused();
        retry = webhook.retry();
        timeout = webhook.timeout();
        headers = webhook.headers();
        metadataJson = webhook.metadataJson();
        description = webhook.description();
        format = webhook.format();
        template = webhook.template();
        filter = webhook.filter();
        transform = webhook.transform();
        shadow = webhook.shadow();
        rateLimit = webhook.rateLimit();
        maxInFlight = webhook.maxInFlight();
        disabledReason = webhook.disabledReason();
        circuit = webhook.circuit();
        circuitRetryAt = webhook.circuitRetryAt();
        failingSince = webhook.failingSince();
        version = webhook.version();
        deletedAt = webhook.deletedAt();
        updatedAt = webhook.updatedAt();
    }

    /** Whose it is. */
    public WebhookBuilder tenant(String value) {
        tenant = value;
        return this;
    }

    /** Where deliveries go. */
    public WebhookBuilder url(String value) {
        url = value;
        return this;
    }

    /** The patterns it subscribes to. */
    public WebhookBuilder events(List<String> value) {
        events = value;
        return this;
    }

    /** What signs its deliveries. */
    public WebhookBuilder secrets(SigningSecrets value) {
        secrets = value;
        return this;
    }

    /** Whether it collects and gets deliveries. */
    public WebhookBuilder active(boolean value) {
        active = value;
        return this;
    }

    /** Whether its deliveries wait. */
    public WebhookBuilder paused(boolean value) {
        paused = value;
        return this;
    }

    /** When failed deliveries are tried again. */
    public WebhookBuilder retry(RetryPolicy value) {
        retry = value;
        return this;
    }

    /** The time one attempt may take in all. */
    public WebhookBuilder timeout(Duration value) {
        timeout = value;
        return this;
    }

    /** Its own request headers. */
    public WebhookBuilder headers(Map<String, String> value) {
        headers = value;
        return this;
    }

    /** The owner's object, as JSON text. */
    public WebhookBuilder metadataJson(String value) {
        metadataJson = value;
        return this;
    }

    /** Free text. */
    public WebhookBuilder description(@Nullable String value) {
        description = value;
        return this;
    }

    /** What its requests look like. */
    public WebhookBuilder format(WebhookFormat value) {
        format = value;
        return this;
    }

    /** What makes its requests, where the format takes a template. */
    public WebhookBuilder template(@Nullable String value) {
        template = value;
        return this;
    }

    /** What must be true of an event. */
    public WebhookBuilder filter(@Nullable String value) {
        filter = value;
        return this;
    }

    /** What makes the bodies of its requests. */
    public WebhookBuilder transform(@Nullable String value) {
        transform = value;
        return this;
    }

    /** Whether its requests are made and recorded, but not sent. */
    public WebhookBuilder shadow(boolean value) {
        shadow = value;
        return this;
    }

    /** Attempts per second at most. */
    public WebhookBuilder rateLimit(@Nullable Double value) {
        rateLimit = value;
        return this;
    }

    /** Attempts under way at most. */
    public WebhookBuilder maxInFlight(@Nullable Integer value) {
        maxInFlight = value;
        return this;
    }

    /** Why Longline disabled it. */
    public WebhookBuilder disabledReason(@Nullable String value) {
        disabledReason = value;
        return this;
    }

    /** Its breaker. */
    public WebhookBuilder circuit(CircuitStatus value) {
        circuit = value;
        return this;
    }

    /** When the next probe may go. */
    public WebhookBuilder circuitRetryAt(@Nullable Instant value) {
        circuitRetryAt = value;
        return this;
    }

    /** See {@link Webhook#failingSince}. */
    public WebhookBuilder failingSince(@Nullable Instant value) {
        failingSince = value;
        return this;
    }

    /** The count of its changes. */
    public WebhookBuilder version(long value) {
        version = value;
        return this;
    }

    /** When it was deleted. */
    public WebhookBuilder deletedAt(@Nullable Instant value) {
        deletedAt = value;
        return this;
    }

    /** When it was last changed. */
    public WebhookBuilder updatedAt(Instant value) {
        updatedAt = value;
        return this;
    }

    /** The webhook. */
    public Webhook build() {
        return new Webhook(
                id,
                tenant,
                url,
                events,
                secrets,
                active,
                paused,
                retry,
                timeout,
                headers,
                metadataJson,
                description,
                format,
                template,
                filter,
                transform,
                shadow,
                rateLimit,
                maxInFlight,
                disabledReason,
                circuit,
                circuitRetryAt,
                failingSince,
                version,
                deletedAt,
                createdAt,
                updatedAt);
    }
}
