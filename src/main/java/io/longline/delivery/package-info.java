/**
 * Sends deliveries. A {@link io.longline.delivery.Shard} owns the lanes of its webhooks and decides, without any input or
 * output of its own, what is sent when; the {@link io.longline.delivery.DeliveryVerticle} around it has the timers, the
 * store and the network.
 */
@NullMarked
package io.longline.delivery;

import org.jspecify.annotations.NullMarked;
