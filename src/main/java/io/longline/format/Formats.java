package io.longline.format;

import io.longline.model.Payload;
import io.longline.model.WebhookFormat;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Every format by its name, in one table. */
public final class Formats {
    /** The media type of JSON. */
    public static final String JSON = "application/json";

    private static final Format STANDARD = new Format() {
        @Override
        public String contentType() {
            return JSON;
        }

        @Override
        public Payload render(Payload payload) {
            return payload;
        }
    };

    private Formats() {}

    /**
     * What makes bodies by an expression.
     *
     * @param tenant whose events they are
     * @param monotonicNanos bounds its time
     */
    public static Format byTransform(String transform, String tenant, LongSupplier monotonicNanos) {
        return new TransformFormat(transform, tenant, monotonicNanos);
    }

    /**
     * What makes the bodies of a webhook without a transform.
     *
     * @param template the webhook's own; {@code null} for the format's layout
     * @param headers the webhook's own, whose {@code Content-Type} tells how a template's values are escaped
     */
    public static Format of(WebhookFormat format, @Nullable String template, Map<String, String> headers) {
        return switch (format) {
            case STANDARD -> STANDARD;
            case RAW -> new RawFormat();
            case CLOUDEVENTS -> new CloudEventFormat();
            case SLACK -> new MessageFormat(SlackMessage::of, SlackMessage::fit, Escapes.SLACK, template);
            case DISCORD -> new MessageFormat(DiscordMessage::of, DiscordMessage::fit, Escapes.JSON, template);
            case TEAMS -> new MessageFormat(TeamsMessage::of, TeamsMessage::fit, Escapes.JSON, template);
            case TEMPLATE -> new TemplateFormat(template == null ? "" : template, headers);
        };
    }
}
