package io.longline.config;

import io.longline.policy.Circuit;
import io.longline.security.AddressGuard;
import io.longline.security.DestinationRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every setting, typed and checked. Immutable.
 *
 * @param effective each setting as it is in force and where that comes from, to be looked at
 */
public record Settings(
        Server server,
        Auth auth,
        Limits limits,
        Live live,
        Secrets secrets,
        Store store,
        Ingest ingest,
        Delivery delivery,
        Circuit.Settings circuit,
        Retention retention,
        Outbox outbox,
        Monitoring monitoring,
        Log log,
        List<EffectiveSetting> effective) {
    public Settings {
        effective = List.copyOf(effective);
    }

    /**
     * Where the API listens.
     *
     * @param tlsCertificate a PEM file with the certificate and those above it; {@code null} without TLS
     * @param tlsKey a PEM file with its private key; {@code null} exactly when there is no certificate
     * @param trustedProxies address ranges of those whose word counts for where a request came from
     */
    public record Server(
            String host,
            int port,
            int maxBodyBytes,
            Duration drain,
            @Nullable String tlsCertificate,
            @Nullable String tlsKey,
            List<String> trustedProxies) {
        /** Whether it speaks TLS. */
        public boolean isTls() {
            return tlsCertificate != null;
        }
    }

    /**
     * Who may call.
     *
     * @param keys keys by their hash, beside those in the store
     */
    public record Auth(String mode, List<String> keys, Duration sessionIdle, Duration sessionLongest) {}

    /** How much one caller may ask for; a rate of 0 is none. */
    public record Limits(
            int requestsPerKey,
            int requestsPerAddress,
            int sourceCallsPerAddress,
            int connections,
            int connectionsPerAddress,
            Duration slowRequest) {}

    /**
     * The live stream.
     *
     * @param streams that may be open
     * @param heartbeat how often something is sent at the least
     */
    public record Live(int streams, Duration heartbeat) {}

    /**
     * What seals the secrets in the store.
     *
     * @param masterKey base64; {@code null} when there is none, or it is in the file
     * @param masterKeyFile {@code null} when there is none
     * @param previousMasterKeys base64, each
     */
    public record Secrets(
            @Nullable String masterKey, @Nullable String masterKeyFile, List<String> previousMasterKeys) {
        /** Whether anything is sealed. */
        public boolean areSealed() {
            return masterKey != null || masterKeyFile != null;
        }

        @Override
        public String toString() {
            return "Secrets[" + (areSealed() ? "sealed" : "not sealed") + "]";
        }
    }

    /** Where everything is kept. */
    public record Store(String url, String synchronous, int readers) {}

    /** What is let in. */
    public record Ingest(
            int maxWaitingEvents,
            long maxWaitingBytes,
            int maxWaitingDeliveries,
            int maxFanOut,
            int maxPayloadBytes,
            int maxBatchEvents,
            int maxBatchBytes,
            Duration idempotency) {}

    /**
     * How deliveries are sent.
     *
     * @param allowedNetworks ranges that are not blocked; {@code null} when nothing is blocked
     */
    public record Delivery(
            int shards,
            int maxInFlight,
            int maxInFlightPerWebhook,
            int window,
            long payloadMemoryBytes,
            Duration connectTimeout,
            int responseBytesKept,
            int responseBytesRead,
            Duration maxAge,
            Duration longestRest,
            Duration disableAfter,
            Duration sweepInterval,
            int replaysPerSecond,
            @Nullable List<String> allowedNetworks,
            Egress egress) {
        /** Where deliveries may go. */
        public DestinationRules rules() {
            AddressGuard guard = allowedNetworks == null
                    ? AddressGuard.allowingEverything()
                    : AddressGuard.blockingSpecialPurpose(allowedNetworks);
            List<DestinationRules.Ports> ports = egress.ports().stream()
                    .flatMap(text -> DestinationRules.Ports.parse(text).stream())
                    .toList();
            List<String> only = egress.allowOnly();
            return new DestinationRules(
                    guard,
                    egress.httpsOnly(),
                    ports,
                    only == null ? null : DestinationRules.Hosts.of(only),
                    DestinationRules.Hosts.of(egress.deny()));
        }
    }

    /**
     * What may be reached.
     *
     * @param ports ports and ranges of ports; empty for all
     * @param allowOnly names, patterns and ranges; {@code null} for all
     * @param deny names, patterns and ranges
     * @param proxy the URL of an HTTP proxy; {@code null} for none
     */
    public record Egress(
            boolean httpsOnly,
            List<String> ports,
            @Nullable List<String> allowOnly,
            List<String> deny,
            @Nullable String proxy) {
        /** The proxy's password is nobody's to read. */
        @Override
        public String toString() {
            return "Egress[httpsOnly=" + httpsOnly + ", ports=" + ports + ", allowOnly=" + allowOnly + ", deny=" + deny
                    + ", proxy=" + (proxy == null ? "none" : "hidden") + "]";
        }
    }

    /** How long things are kept. */
    public record Retention(
            Duration events,
            Duration deliveries,
            Duration statistics,
            Duration audit,
            Duration replays,
            Duration interval) {}

    /**
     * The table from which an application's rows become events.
     *
     * @param address {@code null} for none
     * @param table its name, perhaps after its schema's and a dot
     * @param poll between two looks when nothing has woken it
     * @param claim after which the rows that a server has claimed are free for others
     * @param keep how long marked rows stay
     */
    public record Outbox(
            @Nullable OutboxAddress address,
            String table,
            Duration poll,
            int batchRows,
            Duration claim,
            Duration keep) {}

    /**
     * How it is watched.
     *
     * @param queueWarning deliveries waiting that are too many; 0 for no warning
     */
    public record Monitoring(long queueWarning, Duration interval) {}

    /** How it logs. */
    public record Log(String format, String level) {}

    /** The settings from values that the loader has read and checked one by one. */
    static Settings of(Map<String, Object> values, List<EffectiveSetting> effective) {
        Values read = new Values(values);
        String host = read.text("server.host");
        return new Settings(
                new Server(
                        host,
                        read.number("server.port"),
                        read.number("server.max_body_bytes"),
                        read.seconds("server.drain_seconds"),
                        textOrNull(read.text("server.tls_certificate")),
                        textOrNull(read.text("server.tls_key")),
                        list(read.text("server.trusted_proxies"))),
                new Auth(
                        read.text("auth.mode"),
                        list(read.text("auth.keys")),
                        read.seconds("auth.session_idle_seconds"),
                        read.seconds("auth.session_seconds")),
                new Limits(
                        read.number("limits.requests_per_second_per_key"),
                        read.number("limits.requests_per_second_per_address"),
                        read.number("limits.source_calls_per_second_per_address"),
                        read.number("limits.connections"),
                        read.number("limits.connections_per_address"),
                        read.seconds("limits.slow_request_seconds")),
                new Live(read.number("live.streams"), read.seconds("live.heartbeat_seconds")),
                new Secrets(
                        textOrNull(read.text("secrets.master_key")),
                        textOrNull(read.text("secrets.master_key_file")),
                        list(read.text("secrets.previous_master_keys"))),
                new Store(read.text("store.url"), read.text("store.synchronous"), read.number("store.readers")),
                ingest(read),
                delivery(read, host),
                new Circuit.Settings(
                        read.flag("circuit.enabled"),
                        read.number("circuit.failures_in_a_row"),
                        read.number("circuit.window"),
                        read.seconds("circuit.first_wait_seconds"),
                        read.seconds("circuit.longest_wait_seconds")),
                new Retention(
                        read.days("retention.events_days"),
                        read.days("retention.deliveries_days"),
                        read.days("retention.statistics_days"),
                        read.days("retention.audit_days"),
                        read.days("retention.replays_days"),
                        read.seconds("retention.interval_seconds")),
                new Outbox(
                        OutboxAddress.parse(read.text("outbox.url").strip()).orElse(null),
                        read.text("outbox.table").strip(),
                        Duration.ofMillis(read.wide("outbox.poll_ms")),
                        read.number("outbox.batch_rows"),
                        read.seconds("outbox.claim_seconds"),
                        Duration.ofHours(read.wide("outbox.keep_hours"))),
                new Monitoring(read.wide("monitoring.queue_warning"), read.seconds("monitoring.interval_seconds")),
                new Log(read.text("log.format"), read.text("log.level")),
                effective);
    }

    /** Whether a caller must show a key. */
    public boolean needsKeys() {
        return auth.mode().equals("keys") || (auth.mode().equals("auto") && !isLoopback());
    }

    /** Whether no key is needed because only this machine's user can call. */
    public boolean isKeyless() {
        return auth.mode().equals("auto") && isLoopback();
    }

    /** Whether the server listens on loopback alone. */
    public boolean isLoopback() {
        return isLoopback(server.host());
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.matches("127(\\.\\d+){3}");
    }

    private static Ingest ingest(Values read) {
        return new Ingest(
                read.number("ingest.max_waiting_events"),
                read.wide("ingest.max_waiting_bytes"),
                read.number("ingest.max_waiting_deliveries"),
                read.number("ingest.max_fan_out"),
                read.number("ingest.max_payload_bytes"),
                read.number("ingest.max_batch_events"),
                read.number("ingest.max_batch_bytes"),
                Duration.ofHours(read.wide("ingest.idempotency_hours")));
    }

    private static Delivery delivery(Values read, String host) {
        int shards = read.number("delivery.shards");
        return new Delivery(
                shards == 0 ? Runtime.getRuntime().availableProcessors() : shards,
                read.number("delivery.max_in_flight"),
                read.number("delivery.max_in_flight_per_webhook"),
                read.number("delivery.window"),
                read.wide("delivery.payload_memory_bytes"),
                read.seconds("delivery.connect_seconds"),
                read.number("delivery.response_bytes_kept"),
                read.number("delivery.response_bytes_read"),
                read.seconds("delivery.max_age_seconds"),
                read.seconds("delivery.longest_rest_seconds"),
                read.seconds("delivery.disable_after_seconds"),
                read.seconds("delivery.sweep_seconds"),
                read.number("delivery.replays_per_second"),
                allowedNetworks(read.text("delivery.allow_private_networks"), host),
                new Egress(
                        read.flag("delivery.https_only"),
                        read.text("delivery.ports").strip().equals("all")
                                ? List.of()
                                : list(read.text("delivery.ports")),
                        read.text("delivery.allow_only").strip().equals("all")
                                ? null
                                : list(read.text("delivery.allow_only")),
                        list(read.text("delivery.deny")),
                        textOrNull(read.text("delivery.proxy"))));
    }

    private static @Nullable String textOrNull(String text) {
        return text.strip().equals("none") ? null : text.strip();
    }

    private static List<String> list(String text) {
        return text.strip().equals("none") ? List.of() : List.of(text.strip().split("\\s*,\\s*"));
    }

    private static @Nullable List<String> allowedNetworks(String text, String host) {
        return switch (text.strip()) {
            case "auto" -> isLoopback(host) ? null : List.of();
            case "all" -> null;
            case "none" -> List.of();
            default -> List.of(text.strip().split("\\s*,\\s*"));
        };
    }

    /** Reads values whose kind the catalogue has made sure of. */
    private record Values(Map<String, Object> values) {
        Values {
            values = new TreeMap<>(values);
        }

        String text(String key) {
            return (String) value(key);
        }

        long wide(String key) {
            return (Long) value(key);
        }

        int number(String key) {
            return Math.toIntExact(wide(key));
        }

        boolean flag(String key) {
            return (Boolean) value(key);
        }

        Duration seconds(String key) {
            return Duration.ofSeconds(wide(key));
        }

        Duration days(String key) {
            return Duration.ofDays(wide(key));
        }

        private Object value(String key) {
            Object value = values.get(key);
            if (value == null) {
                throw new IllegalStateException("no such setting: " + key);
            }
            return value;
        }
    }
}
