/**
 * Logging and health.
 */
@NullMarked
package io.longline.telemetry;

import org.jspecify.annotations.NullMarked;
