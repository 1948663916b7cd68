/**
 * Filters and transforms in the Common Expression Language (CEL): over the variable {@code event}, bounded in loops, time
 * and size. Nothing of the language is loaded before its first use.
 */
@NullMarked
package io.longline.expression;

import org.jspecify.annotations.NullMarked;
