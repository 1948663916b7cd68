package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.ApiKey;
import io.longline.model.Grants;
import io.longline.model.KeyId;
import io.longline.security.KeySecret;
import io.longline.store.Operation;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes of API keys. A key for one tenant makes, sees and revokes only keys for that tenant. */
final class KeyHandlers {
    private static final int MOST_KEYS = 10_000;
    private static final int MOST_SCOPES = 10;
    private static final int LONGEST_NAME = 100;

    private final ApiParts parts;

    KeyHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** The key itself is answered this one time. */
    Future<Response> create(Call call) {
        if (parts.gatekeeper().keys().size() >= MOST_KEYS) {
            throw Problem.of(409, "There are " + MOST_KEYS + " keys already; revoke some first");
        }
        String secret = KeySecret.generate(parts.random());
        ApiKey key = read(call, secret);
        String detail = key.name() + " (" + key.grants() + ")";
        return parts.audit(call, "key.create", key.id().value(), tenantOf(key), detail)
                .compose(noted -> parts.store().write(new Operation.CreateKey(key)))
                .map(created -> {
                    parts.gatekeeper().keys().put(key);
                    ObjectNode json = view(key);
                    json.put("key", secret);
                    return Response.json(201, json)
                            .with("Location", "/api/keys/" + key.id())
                            .with("Cache-Control", "no-store");
                });
    }

    private ApiKey read(Call call, String secret) {
        Faults faults = new Faults();
        Fields fields = Fields.of(Json.read(call.body()), faults);
        String name = fields.text("name", LONGEST_NAME);
        if (name == null) {
            faults.add("/name", "is required");
        } else if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            faults.add("/name", "must not be blank or have control characters");
        }
        Set<String> words = new LinkedHashSet<>();
        if (fields.get("scopes") == null) {
            faults.add("/scopes", "is required");
        }
        fields.each("scopes", 1, MOST_SCOPES, (pointer, element) -> {
            if (element.isTextual()) {
                faults.add(pointer, Grants.fault(element.textValue()));
                words.add(element.textValue());
            } else {
                faults.add(pointer, "must be a string");
            }
        });
        if (!words.isEmpty()) {
            faults.add("/scopes", Grants.faultOfAll(words));
        }
        @Nullable Instant expiresAt = expiry(fields, faults);
        fields.refuseOthers();
        faults.refuseIfAny();
        Grants asked = Grants.of(words);
        String own = call.caller().grants().tenant();
        Grants grants = own == null ? asked : asked.within(call.caller().tenantFor(asked.tenant()));
        return new ApiKey(
                new KeyId(parts.ids().next(KeyId.PREFIX)),
                String.valueOf(name),
                KeySecret.hashText(secret),
                KeySecret.hint(secret),
                grants,
                parts.now(),
                expiresAt,
                null);
    }

    private @Nullable Instant expiry(Fields fields, Faults faults) {
        String text = fields.text("expires_at", 100);
        if (text == null) {
            return null;
        }
        Optional<Instant> expiresAt = Call.instant(text);
        if (expiresAt.isEmpty() || !expiresAt.get().isAfter(parts.now())) {
            faults.add("/expires_at", "must be an RFC 3339 time to come, like 2027-01-31T12:00:00Z");
        }
        return expiresAt.orElse(null);
    }

    Future<Response> list(Call call) {
        return parts.store()
                .access()
                .keys(call.caller().grants().tenant(), call.page(KeyId.PREFIX))
                .map(page -> Response.ok(Views.page(page, KeyHandlers::view)));
    }

    /** From the moment that this is answered the key opens nothing, and who signed in with it is signed out. */
    Future<Response> revoke(Call call) {
        KeyId id = call.id(KeyId::parse);
        return parts.store()
                .access()
                .key(id)
                .map(found ->
                        found.filter(key -> call.caller().sees(tenantOf(key))).orElseThrow(Problem::notFound))
                .compose(key -> parts.audit(call, "key.revoke", id.value(), tenantOf(key), key.name()))
                .compose(noted -> parts.store().write(new Operation.DeleteKey(id)))
                .map(deleted -> {
                    parts.gatekeeper().keys().remove(id);
                    return Response.empty();
                });
    }

    /** A key for all tenants belongs to none that a caller could be limited to. */
    private static String tenantOf(ApiKey key) {
        String tenant = key.grants().tenant();
        return tenant == null ? NO_TENANT : tenant;
    }

    /** Stands in the audit log for what concerns all tenants; no tenant can have that name. */
    static final String NO_TENANT = "*";

    static ObjectNode view(ApiKey key) {
        ObjectNode json = Json.object();
        json.put("id", key.id().value());
        json.put("name", key.name());
        json.put("hint", key.hint());
        ArrayNode scopes = json.putArray("scopes");
        key.grants().words().forEach(scopes::add);
        json.put("created_at", Views.time(key.createdAt()));
        json.put("expires_at", Views.timeOrNull(key.expiresAt()));
        json.put("last_used_at", Views.timeOrNull(key.lastUsedAt()));
        return json;
    }
}
