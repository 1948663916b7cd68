package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.exchange.Draft;
import io.longline.model.IdGenerator;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks that drafts may be about, as they are stored. A draft is about the webhook of its own identifier; or else the
 * one that was made under its key, which stands in the webhook's metadata; or else, without either, one of the same tenant,
 * URL and events. Each webhook is found once. For one thread.
 */
final class Existing {
    /** The member of a webhook's metadata that says under which key it was made. */
    static final String KEY = "longline_key";

    private final Set<String> ids = new HashSet<>();
    private final Set<String> keys = new HashSet<>();
    private final Set<String> urls = new HashSet<>();
    private final @Nullable String prefix;
    private final Map<String, Webhook> byId = new HashMap<>();
    private final Map<Key, Webhook> byKey = new HashMap<>();
    private final Map<Shape, Deque<Webhook>> byShape = new HashMap<>();
    private final Set<WebhookId> found = new HashSet<>();
    private final Set<Key> asked = new HashSet<>();
    private Set<WebhookId> taken = Set.of();

    private record Key(String tenant, String key) {}

    private record Shape(String tenant, String url, Set<String> events) {}

    /** @param prefix keys that begin with it are of interest, whether a draft has them or not; {@code null} for none */
    Existing(List<Draft> drafts, @Nullable String prefix) {
        this.prefix = prefix;
        for (Draft draft : drafts) {
            if (draft.kind() == Draft.Kind.WEBHOOK) {
                String id = text(draft, "id");
                if (id != null) {
                    ids.add(id);
                }
                if (draft.key() != null) {
                    keys.add(draft.key());
                }
                String url = text(draft, "url");
                if (id == null && draft.key() == null && url != null) {
                    urls.add(url);
                }
            }
        }
    }

    static @Nullable String text(Draft draft, String name) {
        JsonNode value = draft.fields().get(name);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    /** The identifiers that drafts would keep. */
    List<WebhookId> wanted() {
        List<WebhookId> wanted = new ArrayList<>();
        ids.forEach(id -> WebhookId.parse(id).ifPresent(wanted::add));
        return wanted;
    }

    /** Notes which of {@link #wanted} are taken. */
    void taken(Set<WebhookId> known) {
        taken = known;
    }

    /** Takes a stored webhook in, if any draft may be about it. */
    void offer(Webhook webhook) {
        if (ids.contains(webhook.id().value())) {
            byId.put(webhook.id().value(), webhook);
        }
        String key = key(webhook);
        if (key != null && (keys.contains(key) || (prefix != null && key.startsWith(prefix)))) {
            byKey.put(new Key(webhook.tenant(), key), webhook);
        }
        if (urls.contains(webhook.url())) {
            byShape.computeIfAbsent(
                            new Shape(webhook.tenant(), webhook.url(), new TreeSet<>(webhook.events())),
                            shape -> new ArrayDeque<>())
                    .addFirst(webhook);
        }
    }

    private static @Nullable String key(Webhook webhook) {
        if (!webhook.metadataJson().contains(KEY)) {
            return null;
        }
        JsonNode key = Json.readStored(webhook.metadataJson()).path(KEY);
        return key.isTextual() ? key.textValue() : null;
    }

    /** The webhook that a draft of that tenant is about; empty when it is new. */
    Optional<Webhook> find(Draft draft, String tenant) {
        if (draft.key() != null && !asked.add(new Key(tenant, draft.key()))) {
            throw Problem.of(422, "has a key that is there twice: another part of the file has " + draft.key());
        }
        String id = text(draft, "id");
        Webhook webhook = id == null ? null : byId.get(id);
        if (webhook == null && draft.key() != null) {
            webhook = byKey.get(new Key(tenant, draft.key()));
        }
        String url = text(draft, "url");
        if (webhook == null && id == null && draft.key() == null && url != null) {
            Deque<Webhook> alike = byShape.get(new Shape(tenant, url, events(draft)));
            webhook = alike == null ? null : alike.pollFirst();
        }
        if (webhook != null && !found.add(webhook.id())) {
            throw Problem.of(422, "is there twice: another part of the file is about the same webhook");
        }
        return Optional.ofNullable(webhook);
    }

    private static Set<String> events(Draft draft) {
        Set<String> events = new TreeSet<>();
        draft.fields().path("events").forEach(event -> events.add(event.asText()));
        return events;
    }

    /** Whether a new webhook may have an identifier from elsewhere: nobody's, and none of a time to come. */
    boolean isFree(String id, long nowMillis) {
        Optional<WebhookId> parsed = WebhookId.parse(id);
        return parsed.isPresent() && !taken.contains(parsed.get()) && IdGenerator.millisOf(id) <= nowMillis;
    }

    /** Those whose key begins with the prefix, and that no draft was about. */
    List<Webhook> left() {
        return byKey.entrySet().stream()
                .filter(each -> prefix != null && each.getKey().key.startsWith(prefix))
                .map(Map.Entry::getValue)
                .filter(webhook -> !found.contains(webhook.id()))
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }
}
