package io.longline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.IdGenerator;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionIndexTest {
    private static final List<String> TENANTS = List.of("default", "acme");
    private static final List<String> PATTERNS = List.of(
            "*",
            "a",
            "b",
            "a.*",
            "a.b",
            "a.b.*",
            "a.b.c",
            "a..*",
            "a. b",
            "b.*",
            "b.c",
            ".*",
            ".a",
            "a.b.c.d.*",
            "ä.*");
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "c",
            "a.",
            "a.b",
            "a.c",
            "a.b.",
            "a.b.c",
            "a.b.c.d",
            "a.b.c.d.e",
            "a..",
            "a..b",
            "a. b",
            "b.c",
            ".a",
            ".",
            "..",
            "ab.c",
            "ä.ö",
            "a.b.cc");

    private final SubscriptionIndex index = new SubscriptionIndex();
    private final IdGenerator ids = new IdGenerator(() -> 1, new SplittableRandom(5));

    private WebhookBuilder webhook(String... patterns) {
        return new WebhookBuilder(ids.webhook(), Instant.EPOCH).events(Arrays.asList(patterns));
    }

    /** Whatever comes, goes and changes, an event reaches exactly those whose patterns say so, each once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void match_agreesWithThePatternsThemselves(long seed) {
        Random chance = new Random(seed);
        Map<WebhookId, Webhook> registered = new HashMap<>();
        for (int step = 0; step < 400; step++) {
            change(chance, registered);
            String tenant = TENANTS.get(chance.nextInt(TENANTS.size()));
            String name = NAMES.get(chance.nextInt(NAMES.size()));

            List<WebhookId> found = List.copyOf(index.match(tenant, name));

            assertThat(found)
                    .as("%s of %s", name, tenant)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(expected(registered, tenant, name));
        }
    }

    private void change(Random chance, Map<WebhookId, Webhook> registered) {
        List<Webhook> known = List.copyOf(registered.values());
        Webhook one = known.isEmpty() || chance.nextInt(3) == 0
                ? webhook().tenant(TENANTS.get(chance.nextInt(2))).build()
                : known.get(chance.nextInt(known.size()));
        if (chance.nextInt(6) == 0) {
            index.remove(one.id());
            registered.remove(one.id());
            return;
        }
        List<String> patterns = new ArrayList<>();
        for (int count = chance.nextInt(3); count >= 0; count--) {
            patterns.add(PATTERNS.get(chance.nextInt(PATTERNS.size())));
        }
        Webhook changed = one.toBuilder()
                .version(one.version() + 1)
                .events(patterns)
                .active(chance.nextInt(5) > 0)
                .build();
        index.put(changed);
        registered.put(changed.id(), changed);
    }

    private static List<WebhookId> expected(Map<WebhookId, Webhook> registered, String tenant, String name) {
        return registered.values().stream()
                .filter(webhook -> webhook.active() && webhook.tenant().equals(tenant))
                .filter(webhook -> webhook.events().stream()
                        .anyMatch(pattern -> EventPattern.of(pattern).matches(name)))
                .map(Webhook::id)
                .toList();
    }

    @Test
    void e3_anEventReachesOnlyWebhooksOfItsOwnTenant() {
        Webhook ours = webhook("*").tenant("acme").build();
        index.put(ours);
        index.put(webhook("*").tenant("other").build());

        assertThat(index.match("acme", "order.created")).containsExactly(ours.id());
        assertThat(index.match("nobody", "order.created")).isEmpty();
    }

    @Test
    void put_ofAnOlderVersionChangesNothing() {
        Webhook webhook = webhook("a").version(3).build();
        index.put(webhook);

        index.put(webhook.toBuilder().version(2).events(List.of("b")).build());

        assertThat(index.match("default", "a")).containsExactly(webhook.id());
        assertThat(index.match("default", "b")).isEmpty();
    }

    @Test
    void put_ofADeletedWebhookTakesItOut() {
        Webhook webhook = webhook("*").build();
        index.put(webhook);

        index.put(webhook.toBuilder().version(2).deletedAt(Instant.EPOCH).build());

        assertThat(index.match("default", "a")).isEmpty();
        assertThat(index.get(webhook.id())).isEmpty();
    }

    @Test
    void aPausedWebhook_goesOnCollecting() {
        Webhook webhook = webhook("*").paused(true).build();

        index.put(webhook);

        assertThat(index.match("default", "a")).containsExactly(webhook.id());
    }

    @Test
    void match_isInTheOrderOfRegistration() {
        List<WebhookId> registered = new ArrayList<>();
        for (int count = 0; count < 20; count++) {
            Webhook webhook = webhook("order.*").build();
            registered.add(webhook.id());
            index.put(webhook);
        }

        assertThat(List.copyOf(index.match("default", "order.created"))).isEqualTo(registered);
    }
}
