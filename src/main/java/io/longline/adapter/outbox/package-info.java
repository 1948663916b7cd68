/**
 * The transactional outbox: rows that an application commits with its own transaction become events, once each.
 */
@NullMarked
package io.longline.adapter.outbox;

import org.jspecify.annotations.NullMarked;
