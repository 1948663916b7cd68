package io.longline.api;

import io.longline.model.Grants;
import io.longline.model.Scope;
import org.jspecify.annotations.Nullable;

/** What a caller needs for a route. */
enum Access {
    /** Nothing: it is open to everybody who reaches the server. */
    OPEN(null),
    /** No key: the call has to be signed as its source says. */
    SIGNED(null),
    /** Any key. */
    ANY_KEY(null),
    /** A key that may send events. */
    PUBLISH(Scope.PUBLISH),
    /** A key that may look. */
    READ(Scope.READ),
    /** A key that may do everything. */
    ADMIN(Scope.ADMIN),
    /** The same, and not for one tenant alone: what is asked is about the server itself. */
    OPERATOR(Scope.ADMIN);

    private final @Nullable Scope scope;

    Access(@Nullable Scope scope) {
        this.scope = scope;
    }

    boolean isOpenTo(Grants grants) {
        boolean allowed = scope == null || grants.allow(scope);
        return allowed && (this != OPERATOR || grants.tenant() == null);
    }

    /** The scope's name, for whoever lacks it. */
    String scopeText() {
        return scope == null ? "" : this == OPERATOR ? "admin for all tenants" : scope.text();
    }
}
