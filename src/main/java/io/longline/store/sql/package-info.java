/**
 * What every SQL database shares: rows, statements for reading, paging, and the group commit.
 */
@NullMarked
package io.longline.store.sql;

import org.jspecify.annotations.NullMarked;
