/**
 * The HTTP API: one handler for each route, one table of routes, problems as RFC 9457.
 */
@NullMarked
package io.longline.api;

import org.jspecify.annotations.NullMarked;
