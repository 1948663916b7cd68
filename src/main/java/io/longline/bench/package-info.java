/**
 * The benchmark that users run too: it starts receivers and a server, sends a load through, checks what arrives, and
 * says what it saw, beside what the same load comes to without any storage.
 */
@NullMarked
package io.longline.bench;

import org.jspecify.annotations.NullMarked;
