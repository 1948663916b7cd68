package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.exchange.Draft.Kind;
import io.longline.model.Sha256;
import io.longline.model.Source;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to be changed, computed as data: what it is made of, and how it is told. For one thread. */
final class ChangePlan {
    /** What becomes of a thing. */
    enum Action {
        CREATED,
        CHANGED,
        UNCHANGED,
        DELETED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing.
     *
     * @param place where it stands in the file; empty for what is not in it
     * @param id {@code null} for what has none, and for what is new as long as it is not made
     * @param key its own name in the file, if it has one
     * @param name its URL, or the name of a source or event type
     * @param changes of fields, from and to
     * @param secret the one that was made for it, shown this one time
     * @param version the stored one that the change is of; 0 for what is new
     */
    record Item(
            Kind kind,
            Action action,
            String place,
            @Nullable String id,
            @Nullable String key,
            String tenant,
            String name,
            ObjectNode changes,
            @Nullable String secret,
            long version) {}

    private static final int LONGEST_SHOWN = 300;

    private final List<Item> items = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Operation<?>> operations = new ArrayList<>();
    private final List<Operation<?>> quiet = new ArrayList<>();
    private final List<Integer> itemOfOperation = new ArrayList<>();
    private final Set<WebhookId> webhooks = new HashSet<>();
    private final List<Source> sources = new ArrayList<>();
    private final List<Source> removedSources = new ArrayList<>();

    /** Notes a thing, and what has to be written for it. */
    void add(Item item, List<? extends Operation<?>> writes) {
        items.add(item);
        for (Operation<?> write : writes) {
            operations.add(write);
            itemOfOperation.add(items.size() - 1);
            if (write instanceof Operation.CreateWebhook create) {
                webhooks.add(create.webhook().id());
            } else if (write instanceof Operation.SaveWebhook save) {
                webhooks.add(save.webhook().id());
            } else if (write instanceof Operation.DeleteWebhook delete) {
                webhooks.add(delete.id());
            }
        }
    }

    /** Notes writes that cannot fail and that change nothing anybody sees. */
    void addQuietly(List<? extends Operation<?>> writes) {
        quiet.addAll(writes);
    }

    void warn(String line) {
        warnings.add(line);
    }

    void puts(Source source) {
        sources.add(source);
    }

    void removes(Source source) {
        removedSources.add(source);
    }

    /** All that is to be written; what nobody sees comes last. */
    List<Operation<?>> operations() {
        List<Operation<?>> all = new ArrayList<>(operations);
        all.addAll(quiet);
        return all;
    }

    Set<WebhookId> webhooks() {
        return webhooks;
    }

    List<Source> sources() {
        return sources;
    }

    List<Source> removedSources() {
        return removedSources;
    }

    /** The thing that an operation is about. */
    Item item(int operation) {
        return items.get(itemOfOperation.get(operation));
    }

    /** Tells one plan from another: the same when the same file meets the same state. Says nothing of secrets. */
    String token() {
        MessageDigest digest = Sha256.digest();
        for (Item item : items) {
            boolean isNew = item.action == Action.CREATED;
            String line = item.kind + " " + item.action + " " + (isNew ? "" : item.id) + " " + item.key + " "
                    + item.tenant + " " + item.name + " " + item.version + " " + item.changes + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Which fields differ, from and to; of long values only the beginning, and what tells them from others. */
    static ObjectNode changes(ObjectNode before, ObjectNode after) {
        ObjectNode changes = Json.object();
        after.properties().forEach(field -> {
            JsonNode was = before.path(field.getKey());
            if (!was.equals(field.getValue())) {
                ObjectNode change = changes.putObject(field.getKey());
                change.set("from", shown(was));
                change.set("to", shown(field.getValue()));
            }
        });
        return changes;
    }

    private static JsonNode shown(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        if (text.length() <= LONGEST_SHOWN) {
            return value;
        }
        String hash = HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        return Json.object().textNode(text.substring(0, LONGEST_SHOWN) + "… (sha256 " + hash + "…)");
    }

    /**
     * As it is answered.
     *
     * @param made whether it has been done, so that identifiers and new secrets hold
     */
    ObjectNode json(boolean made) {
        ObjectNode json = Json.object();
        json.put("dry_run", !made);
        for (Kind kind : Kind.values()) {
            ObjectNode counts = json.putObject(
                    switch (kind) {
                        case WEBHOOK -> "webhooks";
                        case SOURCE -> "sources";
                        case EVENT_TYPE -> "event_types";
                    });
            for (Action action : Action.values()) {
                counts.put(
                        action.text(),
                        items.stream()
                                .filter(item -> item.kind == kind && item.action == action)
                                .count());
            }
        }
        ArrayNode lines = json.putArray("warnings");
        warnings.forEach(lines::add);
        ArrayNode all = json.putArray("items");
        items.forEach(item -> all.add(view(item, made)));
        json.put("plan", token());
        return json;
    }

    private static ObjectNode view(Item item, boolean made) {
        ObjectNode json = Json.object();
        json.put("kind", item.kind.name().toLowerCase(Locale.ROOT));
        json.put("action", item.action.text());
        json.put("place", item.place.isEmpty() ? null : item.place);
        json.put("id", made || item.action != Action.CREATED ? item.id : null);
        json.put("key", item.key);
        json.put("tenant", item.tenant);
        json.put("name", item.name);
        json.set("changes", item.changes);
        if (item.secret != null && made) {
            json.put("secret", item.secret);
        }
        return json;
    }
}
