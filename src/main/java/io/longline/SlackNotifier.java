package io.longline;

import io.longline.format.SlackMessage;
import io.vertx.core.Future;
import java.util.regex.Pattern;

/**
 * Sends messages to a Slack incoming webhook, by way of a manager: a message is accepted once it is stored, and then delivered
 * and retried like any event. What is too long for Slack is cut.
 */
public final class SlackNotifier {
    private static final Pattern COLOUR = Pattern.compile("good|warning|danger|#?[0-9A-Fa-f]{6}");

    private final ChatWebhook webhook;

    /**
     * A notifier.
     *
     * @param url of the incoming webhook, {@code https://hooks.slack.com/services/…}
     */
    public SlackNotifier(WebhookManager manager, String url) {
        webhook = new ChatWebhook(manager, "slack", url);
    }

    /** Sends a text, in Slack's markup, to the channel that the webhook was made for. */
    public Future<EventReceipt> sendMessage(String text) {
        return webhook.send(() -> SlackMessage.plain(text));
    }

    /**
     * Sends a text to another channel, which only webhooks of Slack's older kind follow.
     *
     * @param channel {@code #deployments} or {@code @somebody}
     */
    public Future<EventReceipt> sendMessage(String text, String channel) {
        return webhook.send(() -> {
            if (channel.isBlank()) {
                throw LonglineException.invalid("slack: channel must not be blank");
            }
            return SlackMessage.plain(text).put("channel", channel);
        });
    }

    /**
     * Sends a message with a coloured bar.
     *
     * @param title one line
     * @param description in Slack's markup
     * @param color {@code good}, {@code warning}, {@code danger}, or six hexadecimal digits
     */
    public Future<EventReceipt> sendAlert(String title, String description, String color) {
        return webhook.send(() -> {
            if (!COLOUR.matcher(color).matches()) {
                throw LonglineException.invalid(
                        "slack: color must be good, warning, danger or six hexadecimal digits, not \"" + color + "\"");
            }
            boolean isBare = color.matches("[0-9A-Fa-f]{6}");
            return SlackMessage.alert(title, description, isBare ? "#" + color : color);
        });
    }

    /** The id of the webhook beneath, for its deliveries and statistics. */
    public Future<String> webhookId() {
        return webhook.webhook();
    }
}
