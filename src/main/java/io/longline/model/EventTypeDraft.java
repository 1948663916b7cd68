package io.longline.model;

import org.jspecify.annotations.Nullable;

/**
 * What somebody says of an event type, as they wrote it or as it was read from a document.
 *
 * @param schemaJson a JSON Schema (2020-12) as JSON without white space; {@code null} for none
 * @param exampleJson any JSON value, likewise
 * @param validates {@code null} where that is left open
 */
public record EventTypeDraft(
        String name,
        @Nullable String description,
        @Nullable String schemaJson,
        @Nullable String exampleJson,
        @Nullable Boolean validates) {}
