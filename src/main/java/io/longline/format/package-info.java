/**
 * What a webhook's requests look like: each format turns a frozen payload into the body of a request. Knows JSON and
 * templates, and neither HTTP nor Vert.x; every method may be called from any thread, and may take some milliseconds.
 */
@NullMarked
package io.longline.format;

import org.jspecify.annotations.NullMarked;
