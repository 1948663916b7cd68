/**
 * Logging and metrics.
 */
@NullMarked
package io.longline.telemetry;

import org.jspecify.annotations.NullMarked;
