/**
 * Decisions as pure functions of their arguments: matching, backoff, verdicts on responses, circuits, slots,
 * rates. No input or output, no clock, no chance of their own.
 */
@NullMarked
package io.longline.policy;

import org.jspecify.annotations.NullMarked;
