/**
 * The nouns of the system: identifiers, webhooks, events, deliveries, attempts. Depends on the JDK alone; every
 * type is immutable unless it says otherwise.
 */
@NullMarked
package io.longline.model;

import org.jspecify.annotations.NullMarked;
