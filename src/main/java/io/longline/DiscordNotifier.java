package io.longline;

import io.longline.format.DiscordMessage;
import io.vertx.core.Future;

/**
 * Sends messages to a Discord webhook, by way of a manager: a message is accepted once it is stored, and then delivered and
 * retried like any event, as slowly as Discord asks for. What is too long for Discord is cut; nobody is mentioned.
 */
public final class DiscordNotifier {
    private static final int WHITE = 0xFFFFFF;

    private final ChatWebhook webhook;

    /**
     * A notifier.
     *
     * @param url of the webhook, {@code https://discord.com/api/webhooks/…}
     */
    public DiscordNotifier(WebhookManager manager, String url) {
        webhook = new ChatWebhook(manager, "discord", url);
    }

    /** Sends a text, in Discord's markup. */
    public Future<EventReceipt> sendMessage(String text) {
        return webhook.send(() -> DiscordMessage.plain(text));
    }

    /**
     * Sends an embed.
     *
     * @param color red, green and blue in one number, 0 to 0xFFFFFF
     */
    public Future<EventReceipt> sendEmbed(String title, String description, int color) {
        return webhook.send(() -> {
            if (color < 0 || color > WHITE) {
                throw LonglineException.invalid("discord: color must be between 0 and 0xFFFFFF, not " + color);
            }
            return DiscordMessage.embed(title, description, color);
        });
    }

    /** The id of the webhook beneath, for its deliveries and statistics. */
    public Future<String> webhookId() {
        return webhook.webhook();
    }
}
