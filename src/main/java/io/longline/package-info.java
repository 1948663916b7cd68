/**
 * Longline, the durable webhook delivery server: the command line's entry and the one place where its parts are
 * put together.
 */
@NullMarked
package io.longline;

import org.jspecify.annotations.NullMarked;
