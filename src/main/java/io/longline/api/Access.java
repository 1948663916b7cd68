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
    /** A key that may look, and not only at one tenant's things: what the route tells is of all together. */
    READ_ALL(Scope.READ),
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
        return allowed && (!isOfAllTenants() || grants.tenant() == null);
    }

    /** The scope's name, for whoever lacks it. */
    String scopeText() {
        return scope == null ? "" : isOfAllTenants() ? scope.text() + " for all tenants" : scope.text();
    }

    private boolean isOfAllTenants() {
        return this == READ_ALL || this == OPERATOR;
    }
}
