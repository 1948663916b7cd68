package io.longline.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's own entry in the catalogue for an event name. An archived one is kept out of sight, and judges nothing.
 *
 * @param schemaJson the JSON Schema (2020-12) of its data, as JSON; {@code null} for none
 * @param exampleJson an example of its data, as JSON; {@code null} for none
 * @param validates whether data that does not fit the schema is refused
 * @param version 1 for the first, and one more with each change
 */
public record EventType(
        String tenant,
        String name,
        @Nullable String description,
        @Nullable String schemaJson,
        @Nullable String exampleJson,
        boolean validates,
        long version,
        @Nullable Instant archivedAt,
        Instant createdAt,
        Instant updatedAt) {
    /** The most of them that a tenant may have, archived ones included. */
    public static final int MOST = 1_000;

    /** The most bytes that a tenant's may have together, of descriptions, schemas and examples. */
    public static final int MOST_BYTES = 8 * 1_048_576;

    /** The longest description, in characters. */
    public static final int LONGEST_DESCRIPTION = 4_000;

    /** The longest schema and the longest example, in bytes of UTF-8. */
    public static final int LONGEST_JSON = 65_536;

    /** A first one. */
    public static EventType of(String tenant, EventTypeDraft draft, Instant now) {
        boolean validates = Optional.ofNullable(draft.validates()).orElse(false);
        return new EventType(
                tenant,
                draft.name(),
                draft.description(),
                draft.schemaJson(),
                draft.exampleJson(),
                validates,
                1,
                null,
                now,
                now);
    }

    /** The same as a draft says it is; archived no more. */
    public EventType as(EventTypeDraft draft, Instant now) {
        return new EventType(
                tenant,
                name,
                draft.description(),
                draft.schemaJson(),
                draft.exampleJson(),
                validatesAs(draft),
                version + 1,
                null,
                createdAt,
                now);
    }

    private boolean validatesAs(EventTypeDraft draft) {
        // Where a draft leaves it open it stays, as long as there is something left to judge by.
        return Optional.ofNullable(draft.validates()).orElse(validates && draft.schemaJson() != null);
    }

    /** Whether it is already what a draft says. */
    public boolean is(EventTypeDraft draft) {
        return !isArchived()
                && Objects.equals(description, draft.description())
                && Objects.equals(schemaJson, draft.schemaJson())
                && Objects.equals(exampleJson, draft.exampleJson())
                && validates == validatesAs(draft);
    }

    /** The same out of sight. */
    public EventType archived(Instant now) {
        return new EventType(
                tenant, name, description, schemaJson, exampleJson, validates, version + 1, now, createdAt, now);
    }

    public boolean isArchived() {
        return archivedAt != null;
    }

    /** Whether events of this name are held against the schema. */
    public boolean judges() {
        return validates && archivedAt == null;
    }

    /** The bytes of UTF-8 that description, schema and example have together. */
    public int bytes() {
        return bytes(description) + bytes(schemaJson) + bytes(exampleJson);
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
