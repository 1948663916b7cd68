package io.longline.model;

import java.time.Instant;

/**
 * Something that somebody did, kept for later questions. Never holds a secret.
 *
 * @param id {@code aud_} and 26 characters
 * @param actor who did it: a key's identifier, {@code settings:} and part of a hash, {@code keyless},
 *     {@code command-line}, or {@code library}
 * @param address where the call came from
 * @param action what was done, such as {@code webhook.secret.read}
 * @param subject the identifier of what it was done to
 * @param tenant whose that is
 * @param detail a few words more; empty for none
 */
public record AuditEntry(
        String id,
        Instant at,
        String actor,
        String address,
        String action,
        String subject,
        String tenant,
        String detail) {
    /** What every such identifier starts with. */
    public static final String PREFIX = "aud_";
}
