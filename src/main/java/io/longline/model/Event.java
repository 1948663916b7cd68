package io.longline.model;

import java.time.Instant;

/**
 * One thing that happened; immutable once accepted.
 *
 * @param occurredAt when it happened, as its sender says, else the time of acceptance
 * @param deliveryCount the deliveries made for it when it was accepted
 * @param filtered how many webhooks' filters kept it out
 */
public record Event(EventId id, String tenant, String type, Instant occurredAt, int deliveryCount, int filtered) {}
