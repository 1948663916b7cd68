package io.longline.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a webhook's requests look like. The event behind them is the same, and so are retries and signatures. */
public enum WebhookFormat {
    /** The payload as it was frozen on acceptance. */
    STANDARD(false),
    /** The event's data alone, byte for byte. */
    RAW(false),
    /** A CloudEvent in structured JSON. */
    CLOUDEVENTS(false),
    /** A message of Slack's. */
    SLACK(true),
    /** A message of Discord's. */
    DISCORD(true),
    /** A message of Microsoft Teams', for the webhook of a workflow. */
    TEAMS(true),
    /** What the webhook's own template makes. */
    TEMPLATE(true);

    private final boolean takesTemplate;

    WebhookFormat(boolean takesTemplate) {
        this.takesTemplate = takesTemplate;
    }

    /** Whether a webhook of this format may have a template; {@link #TEMPLATE} must have one. */
    public boolean takesTemplate() {
        return takesTemplate;
    }

    /** The word used in the store and the API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of that word; empty when there is none. */
    public static Optional<WebhookFormat> parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.text().equals(text))
                .findFirst();
    }

    /** Every word, in order. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(WebhookFormat::text).toList();
    }
}
