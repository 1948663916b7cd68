/**
 * Takes events in: matches them against the subscriptions, has them committed with their deliveries, and keeps
 * the house (retention, cancelling, upkeep).
 */
@NullMarked
package io.longline.dispatch;

import org.jspecify.annotations.NullMarked;
