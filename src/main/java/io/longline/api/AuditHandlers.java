package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.AuditEntry;
import io.longline.store.AccessQueries.AuditFilter;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The route that tells who did what. */
final class AuditHandlers {
    private static final int LONGEST_WORD = 200;

    private final ApiParts parts;

    AuditHandlers(ApiParts parts) {
        this.parts = parts;
    }

    Future<Response> list(Call call) {
        AuditFilter filter = new AuditFilter(
                word(call, "actor"),
                word(call, "action"),
                word(call, "subject"),
                call.tenant(),
                call.time("since"),
                call.time("until"));
        return parts.store()
                .access()
                .audit(filter, call.page(AuditEntry.PREFIX))
                .map(page -> Response.ok(Views.page(page, AuditHandlers::view)));
    }

    private static @Nullable String word(Call call, String name) {
        return call.query(
                name,
                "must have 1 to " + LONGEST_WORD + " characters",
                text -> text.isEmpty() || text.length() > LONGEST_WORD ? Optional.empty() : Optional.of(text));
    }

    private static ObjectNode view(AuditEntry entry) {
        ObjectNode json = Json.object();
        json.put("id", entry.id());
        json.put("at", Views.time(entry.at()));
        json.put("actor", entry.actor());
        json.put("address", entry.address());
        json.put("action", entry.action());
        json.put("subject", entry.subject());
        json.put("tenant", entry.tenant());
        json.put("detail", entry.detail());
        return json;
    }
}
