/** The database of the system that Longline's interface comes from: {@code webhooks.db}, in SQLite, of two tables. */
@NullMarked
package io.longline.exchange.original;

import org.jspecify.annotations.NullMarked;
