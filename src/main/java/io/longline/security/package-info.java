/**
 * Signing, secrets, and the judgement on addresses.
 */
@NullMarked
package io.longline.security;

import org.jspecify.annotations.NullMarked;
