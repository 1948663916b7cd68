package io.longline.model;

import java.time.Instant;

/**
 * Turns a third party's calls into events, once they have proved who they are from.
 *
 * @param name what the third party's URL ends in; there is one of that name on a server
 * @param secret what the third party and this server share
 * @param eventPrefix what the names of its events begin with, before a dot
 */
public record Source(
        SourceId id,
        String tenant,
        String name,
        SourceKind kind,
        String secret,
        String eventPrefix,
        SourceScheme scheme,
        Instant createdAt) {
    private static final int HINT = 4;

    /** The same with its secret written otherwise. */
    public Source withSecret(String other) {
        return new Source(id, tenant, name, kind, other, eventPrefix, scheme, createdAt);
    }

    /** The last four characters of the secret, enough to tell two apart, but never more than half of a short one. */
    public String secretHint() {
        return secret.substring(secret.length() - Math.min(HINT, secret.length() / 2));
    }

    @Override
    public String toString() {
        return "Source[" + id + " " + name + ", secret hidden]";
    }
}
