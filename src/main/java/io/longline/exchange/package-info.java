/**
 * Files of webhooks, sources and event types, from Longline and from elsewhere, read as descriptions in the words of the
 * API. Pure: bytes in, drafts or faults out; nothing is looked up and nothing is judged that the API judges.
 */
@NullMarked
package io.longline.exchange;

import org.jspecify.annotations.NullMarked;
