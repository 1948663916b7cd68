/**
 * The port to durable storage: what is written, what is read, and what a commit reports. Implementations live in
 * the packages below.
 */
@NullMarked
package io.longline.store;

import org.jspecify.annotations.NullMarked;
