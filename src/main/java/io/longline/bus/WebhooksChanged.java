package io.longline.bus;

import io.longline.model.Webhook;
import java.util.List;

/** Webhooks as a commit left them, for whoever matches events; the messages come in the order of the commits. */
public record WebhooksChanged(List<Webhook> webhooks) implements LocalMessage {}
