/**
 * Secrets at rest: a store around another that seals them on their way in and opens them on their way out.
 */
@NullMarked
package io.longline.store.sealed;

import org.jspecify.annotations.NullMarked;
