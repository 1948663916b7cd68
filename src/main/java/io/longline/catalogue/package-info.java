/**
 * The catalogue of event types: schemas and what they make of data, documents that describe event types, and the document
 * that describes them to others. Pure; what it does with a schema is bounded, but not for an event loop.
 */
@NullMarked
package io.longline.catalogue;

import org.jspecify.annotations.NullMarked;
