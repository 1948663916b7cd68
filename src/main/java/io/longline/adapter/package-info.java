/**
 * What third parties' calls mean: which event a call tells of, and under which identifier of theirs. Knows their headers
 * and fields, and neither HTTP nor a JSON library.
 */
@NullMarked
package io.longline.adapter;

import org.jspecify.annotations.NullMarked;
