package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Event;
import io.longline.model.EventId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.EventTypeQueries;
import io.longline.store.Operation;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.Target;
import io.longline.store.Page;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.EventFilter;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.PendingView;
import io.longline.store.Queries.WebhookFilter;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Lists: every filter against a plain judgement of every row, and pages that neither repeat nor skip. */
public abstract class ListsContract extends StoreContract {
    private final List<Webhook> webhooks = new ArrayList<>();
    private final List<NewEvent> events = new ArrayList<>();

    /** Deliveries in every state, for webhooks in every state, of two tenants. */
    private void populate() {
        Random chance = new Random(11);
        for (String tenant : List.of("default", "acme")) {
            for (int count = 0; count < 5; count++) {
                webhooks.add(write(
                        new Operation.CreateWebhook(webhook().tenant(tenant).build())));
            }
        }
        for (int count = 0; count < 120; count++) {
            now.addAndGet(1_000);
            String tenant = chance.nextInt(3) == 0 ? "acme" : "default";
            Webhook[] receivers = webhooks.stream()
                    .filter(webhook -> webhook.tenant().equals(tenant) && chance.nextBoolean())
                    .toArray(Webhook[]::new);
            NewEvent event = event(tenant, "type." + chance.nextInt(3), receivers);
            events.add(event);
            write(accept(event));
            for (int index = 0; index < receivers.length; index++) {
                become(receivers[index], event.targets().get(index).deliveryId(), chance.nextInt(6));
            }
        }
        for (int first : List.of(0, 5)) {
            Webhook disabled = webhooks.get(first);
            write(new Operation.SaveWebhook(
                    disabled.toBuilder().version(2).active(false).build(), 1));
            Webhook paused = webhooks.get(first + 1);
            write(new Operation.SaveWebhook(
                    paused.toBuilder().version(2).paused(true).build(), 1));
            write(new Operation.RecordCircuit(
                    webhooks.get(first + 2).id(), CircuitStatus.OPEN, Instant.now(), Instant.now()));
            write(new Operation.DeleteWebhook(webhooks.get(first + 3).id(), Instant.ofEpochMilli(now.get())));
        }
    }

    private void become(Webhook webhook, DeliveryId id, int state) {
        switch (state) {
            case 0 -> write(succeeded(webhook, id, 1));
            case 1 -> write(failedOnce(webhook, id, 1, Instant.ofEpochMilli(now.get() + 5_000)));
            case 2 -> write(new Operation.CancelDelivery(id, now.get()));
            case 3 -> write(new Operation.ExpireDeliveries(webhook.id(), webhook.tenant(), List.of(id), now.get()));
            default -> {}
        }
    }

    private static <T> List<T> pages(Function<PageRequest, Future<Page<T>>> list, int limit) {
        List<T> all = new ArrayList<>();
        String cursor = null;
        do {
            Page<T> page = await(list.apply(new PageRequest(cursor, limit)));
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            all.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return all;
    }

    private List<DeliveryId> listed(DeliveryFilter filter, int limit) {
        return pages(page -> store.queries().deliveries(filter, page), limit).stream()
                .map(Delivery::id)
                .toList();
    }

    /** Newest first, as one reads each delivery by itself. */
    private List<DeliveryId> judged(Predicate<Delivery> wanted) {
        List<DeliveryId> expected = new ArrayList<>();
        for (NewEvent event : events) {
            for (Target target : event.targets()) {
                if (wanted.test(
                        await(store.queries().delivery(target.deliveryId())).orElseThrow())) {
                    expected.add(target.deliveryId());
                }
            }
        }
        Collections.reverse(expected);
        return expected;
    }

    @Test
    void deliveries_areFilteredByEveryCombinationAsOneWouldJudgeThem() {
        populate();
        Instant since = Instant.ofEpochMilli(START + 20_000);
        Instant until = Instant.ofEpochMilli(START + 100_000);

        for (String tenant : new String[] {null, "default", "acme", "nobody"}) {
            for (WebhookId webhook :
                    new WebhookId[] {null, webhooks.get(1).id(), webhooks.get(8).id()}) {
                for (String type : new String[] {null, "type.1"}) {
                    for (Instant[] span : new Instant[][] {{null, null}, {since, until}}) {
                        Predicate<Delivery> wanted = delivery -> (tenant == null || tenant.equals(delivery.tenant()))
                                && (webhook == null || webhook.equals(delivery.webhookId()))
                                && (type == null || type.equals(delivery.eventType()))
                                && (span[0] == null
                                        || !delivery.createdAt().isBefore(span[0])
                                                && delivery.createdAt().isBefore(span[1]));
                        checkStates(
                                tenant,
                                webhook,
                                type,
                                span,
                                judgedOnce().stream().filter(wanted).toList());
                    }
                }
            }
        }
    }

    private List<Delivery> everyDelivery = List.of();

    private List<Delivery> judgedOnce() {
        if (everyDelivery.isEmpty()) {
            everyDelivery = judged(any -> true).stream()
                    .map(id -> await(store.queries().delivery(id)).orElseThrow())
                    .toList();
        }
        return everyDelivery;
    }

    private void checkStates(String tenant, WebhookId webhook, String type, Instant[] span, List<Delivery> of) {
        for (DeliveryStatus status : DeliveryStatus.values()) {
            DeliveryFilter filter =
                    new DeliveryFilter(status, null, webhook, type, null, tenant, span[0], span[1], null);
            assertListed(filter, of, delivery -> delivery.status() == status);
        }
        for (Integer code : new Integer[] {null, 200, 500, 404}) {
            DeliveryFilter filter = new DeliveryFilter(null, null, webhook, type, null, tenant, span[0], span[1], code);
            assertListed(filter, of, delivery -> code == null || code.equals(delivery.lastResponseCode()));
        }
        DeliveryFilter held =
                new DeliveryFilter(null, PendingView.HELD, webhook, type, null, tenant, span[0], span[1], null);
        assertListed(held, of, Delivery::held);
        DeliveryFilter retrying =
                new DeliveryFilter(null, PendingView.RETRYING, webhook, type, null, tenant, span[0], span[1], null);
        assertListed(
                retrying, of, delivery -> delivery.status() == DeliveryStatus.PENDING && delivery.attemptCount() > 0);
    }

    private void assertListed(DeliveryFilter filter, List<Delivery> of, Predicate<Delivery> wanted) {
        assertThat(listed(filter, 7))
                .as(filter.toString())
                .containsExactlyElementsOf(
                        of.stream().filter(wanted).map(Delivery::id).toList());
    }

    @Test
    void deliveries_ofAnEventAreFound() {
        populate();

        for (NewEvent event : events.subList(0, 10)) {
            DeliveryFilter filter = new DeliveryFilter(null, null, null, null, event.id(), null, null, null, null);
            assertThat(listed(filter, 2))
                    .containsExactlyElementsOf(
                            judged(delivery -> delivery.eventId().equals(event.id())));
        }
    }

    @Test
    void held_countsOnlyWhatWaits() {
        populate();

        List<DeliveryId> held = judged(Delivery::held);

        assertThat(held)
                .isNotEmpty()
                .allSatisfy(id -> assertThat(await(store.queries().delivery(id))
                                .orElseThrow()
                                .status())
                        .isEqualTo(DeliveryStatus.PENDING));
    }

    @Test
    void events_areFilteredByTenantTypeAndTime() {
        populate();
        Instant since = Instant.ofEpochMilli(START + 20_000);
        Instant until = Instant.ofEpochMilli(START + 100_000);

        for (String tenant : new String[] {null, "default", "acme"}) {
            for (String type : new String[] {null, "type.2"}) {
                EventFilter filter = new EventFilter(type, tenant, since, until);
                List<EventId> expected = new ArrayList<>(events.stream()
                        .filter(event -> tenant == null || tenant.equals(event.tenant()))
                        .filter(event -> type == null || type.equals(event.type()))
                        .filter(event -> !event.occurredAt().isBefore(since)
                                && event.occurredAt().isBefore(until))
                        .map(NewEvent::id)
                        .toList());
                Collections.reverse(expected);
                assertThat(pages(page -> store.queries().events(filter, page), 4).stream()
                                .map(Event::id))
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void webhooks_areListedNewestFirstWithoutTheDeletedOnes() {
        populate();

        List<Webhook> listed =
                pages(page -> store.queries().webhooks(new WebhookFilter("acme", true, null, null), page), 2);

        assertThat(listed)
                .extracting(Webhook::id)
                .containsExactly(
                        webhooks.get(9).id(),
                        webhooks.get(7).id(),
                        webhooks.get(6).id());
        assertThat(pages(page -> store.queries().webhooks(new WebhookFilter(null, null, null, "/"), page), 3))
                .hasSize(8);
    }

    @Test
    void webhooks_areFoundByTheTextOfTheirUrlAndDescriptionInWhateverCase() {
        Webhook url = write(new Operation.CreateWebhook(
                webhook().url("https://Shop.example/Hook").build()));
        Webhook description = write(new Operation.CreateWebhook(
                webhook().description("The SHOP's Größe, 100%").build()));
        write(new Operation.CreateWebhook(webhook().metadataJson("{\"shop\":1}").build()));

        assertThat(found(null, "shop")).containsExactly(description.id(), url.id());
        assertThat(found(null, "sHOP.exAMPLE")).containsExactly(url.id());
        assertThat(found(null, "GRÖß")).containsExactly(description.id());
        assertThat(found(null, "0%")).containsExactly(description.id());
        assertThat(found(null, "sh_p")).isEmpty();
    }

    @Test
    void webhooks_areFoundByTheEventThatTheyWouldReceive() {
        Webhook all =
                write(new Operation.CreateWebhook(webhook().events(List.of("*")).build()));
        Webhook orders = write(new Operation.CreateWebhook(
                webhook().events(List.of("user.created", "order.*")).build()));
        write(new Operation.CreateWebhook(
                webhook().events(List.of("order.created")).active(false).build()));
        Webhook deleted = write(new Operation.CreateWebhook(
                webhook().events(List.of("order.created")).build()));
        write(new Operation.DeleteWebhook(deleted.id(), Instant.ofEpochMilli(now.get())));

        assertThat(found("order.created", null)).containsExactly(orders.id(), all.id());
        assertThat(found("order", null)).containsExactly(all.id());
        assertThat(found("order.created", "nowhere")).isEmpty();
    }

    private List<WebhookId> found(String event, String text) {
        WebhookFilter filter = new WebhookFilter(null, null, event, text);
        return pages(page -> store.queries().webhooks(filter, page), 1).stream()
                .map(Webhook::id)
                .toList();
    }

    @Test
    void eventTypes_areListedByNameAcrossTenants() {
        populate();

        List<String> names = pages(page -> store.eventTypes().entries(null, false, page), 2).stream()
                .map(EventTypeQueries.Entry::name)
                .toList();

        assertThat(names).containsExactly("type.0", "type.1", "type.2");
    }

    @Test
    void deliveryDetails_holdThePayloadAndEveryAttemptInOrder() {
        Webhook webhook = registered();
        NewEvent event = event(webhook);
        write(accept(event));
        DeliveryId id = event.targets().get(0).deliveryId();
        var first = failedOnce(webhook, id, 1, Instant.ofEpochMilli(START));
        var second = succeeded(webhook, id, 2);
        write(first);
        write(second);

        var details = await(store.queries().deliveryDetails(id)).orElseThrow();

        assertThat(details.payload().text()).isEqualTo(event.payload().text());
        assertThat(details.attempts()).containsExactly(first.attempt(), second.attempt());
        assertThat(details.delivery().attemptCount()).isEqualTo(2);
    }
}
