package io.longline.api;

import io.longline.model.ApiKey;
import io.longline.model.Grants;
import io.longline.model.Webhook;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param actor what stands in the audit log
 * @param grants what they may do
 * @param key the key they showed, or signed in with; {@code null} where none is needed
 * @param session what they signed in with; {@code null} for a call that brings its key along
 */
record Caller(String actor, Grants grants, @Nullable ApiKey key, Sessions.@Nullable Session session) {
    /** The user of the machine that a server without keys runs on. */
    static final Caller KEYLESS = new Caller("keyless", Grants.ALL, null, null);

    /** Whoever calls a route that is open to everybody. */
    static final Caller ANYBODY = new Caller("anybody", Grants.ALL, null, null);

    static Caller of(ApiKey key) {
        return new Caller(key.id().value(), key.grants(), key, null);
    }

    static Caller of(ApiKey key, Sessions.Session session) {
        return new Caller(key.id().value(), key.grants(), key, session);
    }

    /** Whether things of that tenant are there for this caller at all. */
    boolean sees(String tenant) {
        String own = grants.tenant();
        return own == null || own.equals(tenant);
    }

    /** Their tenant, or what stands for all of them. */
    String tenantOrAll() {
        String own = grants.tenant();
        return own == null ? KeyHandlers.NO_TENANT : own;
    }

    /** The tenant that something new is for, which the caller may have named. */
    String tenantFor(@Nullable String named) {
        String own = grants.tenant();
        if (own == null) {
            return named == null ? Webhook.DEFAULT_TENANT : named;
        }
        if (named != null && !named.equals(own)) {
            throw Problem.of(403, "This key is for the tenant " + own + " alone");
        }
        return own;
    }
}
