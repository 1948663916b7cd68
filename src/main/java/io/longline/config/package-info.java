/**
 * Settings: their names, defaults, checks, and where their values come from.
 */
@NullMarked
package io.longline.config;

import org.jspecify.annotations.NullMarked;
