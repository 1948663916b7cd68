/**
 * What the verticles say to each other over the event bus: addresses, messages, and the codec that hands them
 * over uncopied.
 */
@NullMarked
package io.longline.bus;

import org.jspecify.annotations.NullMarked;
