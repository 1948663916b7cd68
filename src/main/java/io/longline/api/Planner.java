package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.ChangePlan.Action;
import io.longline.api.ChangePlan.Item;
import io.longline.exchange.Draft;
import io.longline.exchange.Draft.Kind;
import io.longline.exchange.Reading;
import io.longline.model.AuditEntry;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.security.DestinationRules;
import io.longline.security.HeaderRules;
import io.longline.security.WebhookSecret;
import io.longline.store.Applied;
import io.longline.store.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out what has to be changed for the server to have what drafts describe, by the same checks that a single call goes
 * through. Changes nothing. Compiles expressions, so that it is to run off the event loops. For one thread and one use.
 */
final class Planner {
    private final ApiParts parts;
    private final Call call;
    private final Rules rules;
    private final Existing existing;
    private final DestinationRules destinations;
    private final Instant now;
    private final ChangePlan plan = new ChangePlan();
    private final PlanFaults faults = new PlanFaults();
    private final SourcePlanner sources;
    private final List<Applied> marks;
    private final Set<String> newIds = new HashSet<>();
    private final EventTypePlanner eventTypes;

    /**
     * How drafts are taken.
     *
     * @param why what the audit log says of each change
     * @param tenant whose the things are of which the draft does not say; {@code null} for the caller's
     * @param disabled whether new webhooks begin disabled
     * @param keepOthers whether fields that a draft does not give stay as they are, rather than become the defaults
     * @param file what the applied file is called; {@code null} for an import
     * @param prune whether what was made under the prefix, and no draft is about, is deleted
     */
    record Rules(
            String why,
            @Nullable String tenant,
            boolean disabled,
            boolean keepOthers,
            @Nullable String file,
            boolean prune) {}

    /** @param marks what an earlier apply of the file made, of sources and event types */
    Planner(
            ApiParts parts,
            Call call,
            Rules rules,
            Existing existing,
            EventTypePlanner.Known types,
            List<Applied> marks) {
        this.marks = marks;
        this.parts = parts;
        this.call = call;
        this.rules = rules;
        this.existing = existing;
        this.destinations = parts.settings().delivery().rules();
        this.now = parts.now();
        this.sources = new SourcePlanner(parts, call, rules, plan, now);
        this.eventTypes = new EventTypePlanner(parts, call, rules, plan, types);
    }

    /** The plan for these drafts; a {@link Problem} that names place and field when one is at fault. */
    ChangePlan plan(Reading reading) {
        reading.warnings().forEach(plan::warn);
        for (Draft draft : reading.drafts()) {
            try {
                switch (draft.kind()) {
                    case WEBHOOK -> webhook(draft);
                    case SOURCE -> {
                        tenant(draft);
                        sources.source(draft);
                    }
                    case EVENT_TYPE -> eventTypes.eventType(draft, tenant(draft));
                }
            } catch (Problem fault) {
                faults.note(draft.place(), fault);
                if (faults.areEnough()) {
                    break;
                }
            }
        }
        faults.refuseIfAny();
        if (rules.prune) {
            existing.left().forEach(this::delete);
            for (Applied mark : marks) {
                if (mark.kind() == Applied.Kind.SOURCE) {
                    sources.prune(mark);
                } else {
                    eventTypes.prune(mark);
                }
            }
        }
        return plan;
    }

    private String tenant(Draft draft) {
        String given = Existing.text(draft, "tenant");
        String own = call.caller().grants().tenant();
        if (own != null && given != null && !own.equals(given)) {
            throw Problem.invalid("/tenant", "must be " + own + ", for which alone the key is");
        }
        if (given == null && rules.tenant != null) {
            draft.fields().put("tenant", rules.tenant);
        }
        String named = given == null ? rules.tenant : given;
        return call.caller().tenantFor(named);
    }

    private void webhook(Draft draft) {
        String tenant = tenant(draft);
        Optional<Webhook> known = existing.find(draft, tenant);
        ObjectNode fields = draft.fields();
        JsonNode id = fields.remove("id");
        if (id != null && !id.isTextual()) {
            throw Problem.invalid("/id", "must be a string");
        }
        SigningSecrets previous = previous(fields);
        unmask(draft, known);
        if (known.isPresent()) {
            change(draft, known.get(), tenant, previous);
        } else {
            create(draft, id == null ? null : id.textValue(), previous);
        }
    }

    private void create(Draft draft, @Nullable String id, SigningSecrets previous) {
        ObjectNode fields = draft.fields();
        boolean mayKeep = call.caller().grants().tenant() == null;
        boolean keeps = id != null && mayKeep && existing.isFree(id, now.toEpochMilli());
        if (!keeps || id == null) {
            putKey(draft);
        }
        if (keeps && !newIds.add(id)) {
            throw Problem.invalid("/id", "is there twice");
        }
        boolean hasSecret = fields.has("secret");
        WebhookId newId = keeps && id != null ? new WebhookId(id) : parts.ids().webhook();
        Webhook made = WebhookForm.create(
                fields,
                new WebhookBuilder(newId, now),
                call.caller(),
                destinations,
                () -> WebhookSecret.generate(parts.random()));
        if (rules.disabled) {
            made = made.toBuilder().active(false).build();
        }
        if (previous.previous() != null && made.secrets().current() != null) {
            made = made.toBuilder()
                    .secrets(new SigningSecrets(
                            made.secrets().current(), previous.previous(), previous.previousExpiresAt()))
                    .build();
        }
        Item item = new Item(
                Kind.WEBHOOK,
                Action.CREATED,
                draft.place(),
                newId.value(),
                draft.key(),
                made.tenant(),
                made.url(),
                Json.object(),
                hasSecret ? null : made.secrets().current(),
                0);
        plan.add(
                item,
                List.of(audit("webhook.create", newId.value(), made.tenant()), new Operation.CreateWebhook(made)));
    }

    private void change(Draft draft, Webhook known, String tenant, SigningSecrets previous) {
        if (!known.tenant().equals(tenant)) {
            throw Problem.invalid(
                    "/tenant", "cannot be changed: the webhook " + known.id() + " is of " + known.tenant());
        }
        ObjectNode fields = draft.fields();
        String id = known.id().value();
        boolean named = draft.key() != null && !draft.key().equals("longline:" + id);
        if (named && (fields.has("metadata") || !rules.keepOthers)) {
            putKey(draft);
        }
        if (!rules.keepOthers) {
            // Operated by hand, and by Longline itself, unless the file says so.
            keep(fields, "active", known.active());
            keep(fields, "paused", known.paused());
            keep(fields, "shadow", known.shadow());
        }
        Webhook changed = WebhookForm.replace(known, fields, rules.keepOthers, destinations, now);
        if (previous.previous() != null
                && !Objects.equals(changed.secrets().current(), known.secrets().current())) {
            changed = changed.toBuilder()
                    .secrets(new SigningSecrets(
                            changed.secrets().current(), previous.previous(), previous.previousExpiresAt()))
                    .build();
        }
        ObjectNode changes = changes(known, changed);
        Action action = changes.isEmpty() ? Action.UNCHANGED : Action.CHANGED;
        Item item = new Item(
                Kind.WEBHOOK,
                action,
                draft.place(),
                id,
                draft.key(),
                tenant,
                changed.url(),
                changes,
                null,
                changes.isEmpty() ? 0 : known.version());
        plan.add(
                item,
                changes.isEmpty()
                        ? List.of()
                        : List.of(
                                audit("webhook.update", id, tenant),
                                new Operation.SaveWebhook(changed, known.version())));
    }

    private static void keep(ObjectNode fields, String name, boolean value) {
        if (!fields.has(name)) {
            fields.put(name, value);
        }
    }

    private static void putKey(Draft draft) {
        JsonNode metadata = draft.fields().get("metadata");
        boolean absent = metadata == null || metadata.isNull();
        if (draft.key() != null && absent) {
            draft.fields().putObject("metadata").put(Existing.KEY, draft.key());
        } else if (draft.key() != null && metadata instanceof ObjectNode object) {
            object.put(Existing.KEY, draft.key());
        }
    }

    /** An export without secrets masks headers that may be some: they stay as they are here, or are left out. */
    private void unmask(Draft draft, Optional<Webhook> known) {
        if (!(draft.fields().get("headers") instanceof ObjectNode headers)) {
            return;
        }
        List<String> masked = new ArrayList<>();
        headers.properties().stream()
                .filter(header -> header.getValue().asText().equals(HeaderRules.MASK))
                .forEach(header -> masked.add(header.getKey()));
        for (String name : masked) {
            if (!rules.keepOthers) {
                throw Problem.invalid("/headers/" + name, "must be the value itself, not the mask of an export");
            }
            String value = known.map(webhook -> webhook.headers().get(name)).orElse(null);
            if (value != null) {
                headers.put(name, value);
            } else {
                headers.remove(name);
                plan.warn(draft.place() + ": the header " + name
                        + " is left out, since the file does not have its value");
            }
        }
    }

    /** The secret before, which an export has while a rotation's overlap lasts. */
    private SigningSecrets previous(ObjectNode fields) {
        JsonNode secret = fields.remove("previous_secret");
        JsonNode expires = fields.remove("previous_secret_expires_at");
        if (secret == null || secret.isNull()) {
            return SigningSecrets.NONE;
        }
        Optional<Instant> until =
                expires == null || !expires.isTextual() ? Optional.empty() : Call.instant(expires.textValue());
        if (!secret.isTextual() || WebhookSecret.fault(secret.textValue()).isPresent()) {
            throw Problem.invalid("/previous_secret", "must be a secret");
        }
        if (until.isEmpty()) {
            throw Problem.invalid("/previous_secret_expires_at", "must be an RFC 3339 time");
        }
        return until.get().isAfter(now)
                ? new SigningSecrets(null, secret.textValue(), until.get())
                : SigningSecrets.NONE;
    }

    /** Which settings differ, from and to. Of a secret it says no more than that, of headers no value that may be one. */
    private static ObjectNode changes(Webhook before, Webhook after) {
        ObjectNode old = Views.settings(before, Json.object());
        ObjectNode fresh = Views.settings(after, Json.object());
        ObjectNode changes = ChangePlan.changes(old, fresh);
        if (changes.has("headers")) {
            changes.putObject("headers")
                    .<ObjectNode>set("from", masked(old.path("headers")))
                    .set("to", masked(fresh.path("headers")));
        }
        if (!Objects.equals(before.secrets().current(), after.secrets().current())) {
            changes.putObject("secret").put("from", HeaderRules.MASK).put("to", HeaderRules.MASK);
        }
        return changes;
    }

    private static JsonNode masked(JsonNode headers) {
        ObjectNode masked = Json.object();
        headers.fieldNames().forEachRemaining(name -> masked.put(name, HeaderRules.MASK));
        return masked;
    }

    private void delete(Webhook webhook) {
        String id = webhook.id().value();
        Item item = new Item(
                Kind.WEBHOOK,
                Action.DELETED,
                "",
                id,
                null,
                webhook.tenant(),
                webhook.url(),
                Json.object(),
                null,
                webhook.version());
        plan.add(
                item,
                List.of(audit("webhook.delete", id, webhook.tenant()), new Operation.DeleteWebhook(webhook.id(), now)));
    }

    private Operation.RecordAudit audit(String action, String subject, String tenant) {
        return audit(parts, call, rules, action, subject, tenant);
    }

    static Operation.RecordAudit audit(
            ApiParts parts, Call call, Rules rules, String action, String subject, String tenant) {
        return new Operation.RecordAudit(new AuditEntry(
                parts.ids().next(AuditEntry.PREFIX),
                parts.now(),
                call.caller().actor(),
                call.remoteAddress(),
                action,
                subject,
                tenant,
                rules.why));
    }
}
