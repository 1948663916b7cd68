package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import io.longline.process.Receiver.Arrival;
import io.longline.process.Receiver.Reaction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What receivers and the store show afterwards, held against what was accepted. */
final class Evidence {
    private static final Pattern SEQUENCE = Pattern.compile("\"seq\":(\\d+)");

    private final StoreFile store;
    private final Map<String, Load.Sent> accepted;
    private final Map<String, List<Arrival>> arrivals;

    Evidence(StoreFile store, Load load, Receiver receiver) {
        this.store = store;
        this.accepted = load.accepted();
        this.arrivals = receiver.arrivals().stream().collect(Collectors.groupingBy(a -> a.path() + " " + a.id()));
    }

    /** Every accepted event reached every subscriber that wanted it, as it was sent, under its own id and signature. */
    void everythingAcceptedArrived(List<Subscriber> subscribers) {
        List<String> missing = new ArrayList<>();
        accepted.forEach((id, sent) -> {
            for (Subscriber subscriber : subscribers) {
                if (subscriber.types().contains(sent.type())) {
                    List<Arrival> all = arrivals.getOrDefault(subscriber.path() + " " + id, List.of());
                    all.forEach(arrival -> isAsSent(arrival, id, sent));
                    if (all.stream().noneMatch(arrival -> arrival.reaction() == Reaction.ACCEPT)) {
                        missing.add(id + " at " + subscriber.path());
                    }
                }
            }
        });
        assertThat(missing).as("accepted, yet never delivered").isEmpty();
    }

    private static void isAsSent(Arrival arrival, String id, Load.Sent sent) {
        String head = "{\"id\":\"" + id + "\",\"event\":\"" + sent.type() + "\",\"timestamp\":\"";
        assertThat(arrival.text()).startsWith(head).endsWith("\",\"data\":" + sent.data() + ",\"metadata\":{}}");
        assertThat(arrival.headers()).containsEntry("x-webhook-event", sent.type());
    }

    /** Each request carries the signatures of its webhook's secret, in both schemes. */
    void everythingIsSigned(List<Subscriber> subscribers) {
        for (Subscriber subscriber : subscribers) {
            arrivals.values().stream()
                    .flatMap(List::stream)
                    .filter(a -> a.path().equals(subscriber.path()))
                    .forEach(a -> {
                        assertThat(a.headers()).containsEntry("x-webhook-id", subscriber.id());
                        if (subscriber.secret() == null) {
                            assertThat(a.headers()).doesNotContainKeys("webhook-signature", "x-webhook-signature");
                        } else {
                            isSigned(a, subscriber.secret());
                        }
                    });
        }
    }

    private static void isSigned(Arrival arrival, String secret) {
        assertThat(arrival.headers()).containsEntry("x-webhook-signature", "sha256=" + hmac(secret, arrival.body()));
        Map<String, List<String>> headers = arrival.headers().entrySet().stream()
                .filter(header -> header.getKey().startsWith("webhook-"))
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
        assertThatCode(() -> verifier(secret).verify(arrival.text(), headers)).doesNotThrowAnyException();
    }

    /** The reference library: an independent reading of the scheme. */
    private static Webhook verifier(String secret) throws Exception {
        return secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** No event is stored twice, whatever was repeated with its key; all that was accepted is stored. */
    void everyEventIsStoredOnce() {
        Map<String, String> idsByEvent = store
                .rows(
                        "SELECT id, payload FROM events WHERE type LIKE 'load.%'",
                        row -> {
                            Matcher matcher = SEQUENCE.matcher(new String(row.getBytes(2), StandardCharsets.UTF_8));
                            assertThat(matcher.find()).isTrue();
                            return new String[] {matcher.group(1), row.getString(1)};
                        })
                .stream()
                .collect(Collectors.toMap(row -> row[0], row -> row[1]));
        assertThat(idsByEvent.values()).containsAll(accepted.keySet());
    }

    /** Nothing waits, nothing failed, and every figure equals the rows that it counts. */
    void figuresEqualTheRows(List<Subscriber> subscribers) {
        assertThat(store.text("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(store.rows("PRAGMA foreign_key_check", row -> row.getString(1)))
                .as("tables with rows that belong to what is not there")
                .isEmpty();
        assertThat(store.number("SELECT count(*) FROM deliveries WHERE status <> 'succeeded'"))
                .as("deliveries that are not succeeded")
                .isZero();
        assertThat(store.number("SELECT count(*) FROM deliveries d WHERE attempts <>"
                        + " (SELECT count(*) FROM delivery_attempts a WHERE a.delivery_id = d.id)"))
                .as("deliveries whose count of attempts is not that of the rows")
                .isZero();
        assertThat(store.number("SELECT count(*) FROM (SELECT delivery_id FROM delivery_attempts GROUP BY delivery_id"
                        + " HAVING max(attempt_number) <> count(*) OR count(DISTINCT attempt_number) <> count(*)"
                        + " OR sum(status = 'succeeded') <> 1)"))
                .as("deliveries whose attempts are not numbered in a row, or succeeded more or less than once")
                .isZero();
        for (Subscriber subscriber : subscribers) {
            String which = " WHERE webhook_id = '" + subscriber.id() + "'";
            for (String outcome : List.of("succeeded", "failed")) {
                long rows = store.number(
                        "SELECT count(*) FROM delivery_attempts" + which + " AND status = '" + outcome + "'");
                assertThat(store.number("SELECT attempts_" + outcome + " FROM webhook_totals" + which))
                        .isEqualTo(rows);
                assertThat(store.number("SELECT sum(attempts_" + outcome + ") FROM webhook_stats" + which))
                        .isEqualTo(rows);
            }
            assertThat(store.number("SELECT pending + retrying FROM webhook_totals" + which))
                    .isZero();
        }
        assertThat(store.number("SELECT sum(pending + retrying) FROM tenant_totals"))
                .isZero();
        assertThat(store.number("SELECT sum(deliveries_succeeded) FROM tenant_stats WHERE tenant = '*'"))
                .isEqualTo(store.number("SELECT count(*) FROM deliveries"));
    }

    /** How often an event was answered with success at a path. */
    long acceptedAt(String path, String id) {
        return arrivals.getOrDefault(path + " " + id, List.of()).stream()
                .filter(arrival -> arrival.reaction() == Reaction.ACCEPT)
                .count();
    }
}
