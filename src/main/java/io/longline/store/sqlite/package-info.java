/**
 * The store on an embedded SQLite file.
 */
@NullMarked
package io.longline.store.sqlite;

import org.jspecify.annotations.NullMarked;
