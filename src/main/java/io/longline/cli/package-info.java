/**
 * The subcommands of the command line.
 */
@NullMarked
package io.longline.cli;

import org.jspecify.annotations.NullMarked;
