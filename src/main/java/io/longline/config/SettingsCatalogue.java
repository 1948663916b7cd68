package io.longline.config;

import io.longline.config.Setting.Choice;
import io.longline.config.Setting.Flag;
import io.longline.config.Setting.Kind;
import io.longline.config.Setting.Text;
import io.longline.config.Setting.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every setting there is. The file in {@code conf}, the flags, the environment and the reference all follow it. */
final class SettingsCatalogue {
    private static final long MEBIBYTE = 1_048_576;
    private static final long DAY = 86_400;

    private static final Set<String> SECRETS =
            Set.of("auth.keys", "secrets.master_key", "secrets.previous_master_keys", "outbox.url");
    private static final Map<String, Setting> SETTINGS = new LinkedHashMap<>();

    static {
        add("server.host", new Text(), "127.0.0.1", "address to listen on");
        add("server.port", whole(0, 65_535), "8000", "port to listen on; 0 takes any free one");
        add("server.max_body_bytes", whole(1_024, 64 * MEBIBYTE), "1048576", "largest request body, in bytes");
        add("server.drain_seconds", whole(0, 600), "10", "time that attempts in flight get at a stop, in seconds");
        add("server.tls_certificate", new Text(), "none", "PEM file with the certificate chain for TLS, or none");
        add("server.tls_key", new Text(), "none", "PEM file with the certificate's private key, or none");
        add(
                "server.trusted_proxies",
                new Text(),
                "none",
                "proxies whose X-Forwarded-For counts: none, or address ranges such as 10.0.0.0/8, separated by commas");
        add(
                "auth.mode",
                choice("auto", "none", "keys"),
                "auto",
                "auto: keyless on loopback only; none: keyless anywhere; keys: never keyless");
        add(
                "auth.keys",
                new Text(),
                "none",
                "SHA-256 hashes of keys beside those in the store, separated by commas, or none");
        add(
                "auth.session_idle_seconds",
                whole(60, 30 * DAY),
                "3600",
                "time without a request that signs a browser out, in seconds");
        add(
                "auth.session_seconds",
                whole(60, 30 * DAY),
                "43200",
                "time after which a browser is signed out at the latest, in seconds");
        add(
                "limits.requests_per_second_per_key",
                whole(0, 10_000_000),
                "10000",
                "requests a second with one key before 429; 0 for no limit");
        add(
                "limits.requests_per_second_per_address",
                whole(0, 10_000_000),
                "10000",
                "requests a second from one address before 429, where keys are needed; 0 for no limit");
        add(
                "limits.source_calls_per_second_per_address",
                whole(0, 10_000_000),
                "100",
                "calls of sources a second from one address before 429, where keys are needed; 0 for no limit");
        add("limits.connections", whole(1, 10_000_000), "10000", "open connections in all");
        add(
                "limits.connections_per_address",
                whole(1, 10_000_000),
                "1000",
                "open connections from one address, off loopback");
        add(
                "limits.slow_request_seconds",
                whole(1, 3_600),
                "30",
                "time for a request's head, and for its body to begin to flow, in seconds");
        add(
                "live.streams",
                whole(1, 100_000),
                "200",
                "live streams that may be open; a tenant's keys have a fourth of them");
        add(
                "live.heartbeat_seconds",
                whole(1, 60),
                "15",
                "time after which a silent live stream gets a sign of life, in seconds");
        add("secrets.master_key", new Text(), "none", "base64 of 32 bytes that seal secrets in the store, or none");
        add("secrets.master_key_file", new Text(), "none", "file that holds it instead, or none");
        add(
                "secrets.previous_master_keys",
                new Text(),
                "none",
                "earlier ones that still open what they sealed, separated by commas, or none");
        add("store.url", new Text(), "sqlite:longline.db", "where everything is kept: sqlite:PATH");
        add("store.synchronous", choice("full", "normal"), "full", "full: a 202 survives a power cut; normal: a crash");
        add("store.readers", whole(1, 64), "4", "connections that read");
        add("ingest.max_waiting_events", whole(1, 10_000_000), "10000", "events waiting for a commit before 503");
        add("ingest.max_waiting_bytes", whole(MEBIBYTE, 1L << 40), "67108864", "their bytes before 503");
        add("ingest.max_waiting_deliveries", whole(1, 10_000_000), "100000", "their deliveries before 503");
        add("ingest.max_fan_out", whole(1, 10_000_000), "100000", "deliveries that one call may make");
        add("ingest.max_payload_bytes", whole(256, 16 * MEBIBYTE), "262144", "largest payload, in bytes");
        add("ingest.max_batch_events", whole(1, 100_000), "1000", "events in one batch");
        add("ingest.max_batch_bytes", whole(1_024, 1L << 30), "67108864", "largest batch body, in bytes");
        add("ingest.idempotency_hours", whole(1, 24 * 30), "24", "how long an Idempotency-Key is remembered, in hours");
        add("delivery.shards", whole(0, 256), "0", "delivery verticles; 0 for one per core");
        add("delivery.max_in_flight", whole(1, 100_000), "1024", "attempts under way on this node");
        add("delivery.max_in_flight_per_webhook", whole(1, 1_024), "16", "attempts under way for one webhook");
        add("delivery.window", whole(8, 100_000), "256", "deliveries that a webhook holds in memory");
        add("delivery.payload_memory_bytes", whole(MEBIBYTE, 1L << 40), "67108864", "payload bytes held in memory");
        add("delivery.connect_seconds", whole(1, 300), "5", "time to connect, in seconds");
        add("delivery.response_bytes_kept", whole(0, MEBIBYTE), "16384", "bytes kept of a response's body");
        add("delivery.response_bytes_read", whole(0, 16 * MEBIBYTE), "65536", "bytes read of a response's body");
        add("delivery.max_age_seconds", whole(1, 365 * DAY), "604800", "longest wait of a delivery, in seconds");
        add("delivery.longest_rest_seconds", whole(0, DAY), "600", "longest rest on 429 or 503, in seconds");
        add(
                "delivery.disable_after_seconds",
                whole(0, 365 * DAY),
                "432000",
                "time with an open circuit after which a webhook is disabled, in seconds; 0 for never");
        add("delivery.sweep_seconds", whole(1, 3_600), "30", "time between two looks for forgotten work, in seconds");
        add(
                "delivery.replays_per_second",
                whole(1, 100_000),
                "200",
                "deliveries a second that replays make or open again");
        add(
                "delivery.allow_private_networks",
                new Text(),
                "auto",
                "auto: on loopback only; all; none; or address ranges such as 10.0.0.0/8, separated by commas");
        add("delivery.https_only", new Flag(), "false", "whether deliveries to http URLs are refused");
        add("delivery.ports", new Text(), "all", "ports that URLs may use: all, or such as 443,8000-8999");
        add(
                "delivery.allow_only",
                new Text(),
                "all",
                "the only receivers: all, or names such as *.example.com and address ranges");
        add(
                "delivery.deny",
                new Text(),
                "none",
                "receivers that are never reached: none, or names such as *.corp.example and address ranges");
        add(
                "delivery.proxy",
                new Text(),
                "none",
                "HTTP proxy that every delivery goes through: none, or http://[USER:PASSWORD@]HOST:PORT");
        add("circuit.enabled", new Flag(), "true", "whether a failing webhook is given a rest");
        add("circuit.failures_in_a_row", whole(1, 10_000), "10", "consecutive failures that open a circuit");
        add("circuit.window", whole(2, 64), "20", "attempts looked back upon; half failing opens it");
        add("circuit.first_wait_seconds", whole(1, DAY), "30", "wait before the first probe, in seconds");
        add("circuit.longest_wait_seconds", whole(1, DAY), "600", "longest wait between two probes, in seconds");
        add("retention.events_days", whole(1, 36_500), "30", "age at which events go, in days");
        add("retention.deliveries_days", whole(1, 36_500), "30", "age at which final deliveries go, in days");
        add("retention.statistics_days", whole(3, 36_500), "90", "age at which statistics go, in days");
        add("retention.audit_days", whole(1, 36_500), "365", "age at which audit rows go, in days");
        add("retention.replays_days", whole(1, 36_500), "30", "age at which replays that have ended go, in days");
        add("retention.interval_seconds", whole(1, DAY), "60", "time between two rounds of upkeep, in seconds");
        add(
                "outbox.url",
                new Text(),
                "none",
                "database of an application's outbox: none, sqlite:PATH, or postgresql://USER:PASSWORD@HOST/DATABASE");
        add("outbox.table", new Text(), "outbox", "table that the application writes its events to");
        add(
                "outbox.poll_ms",
                whole(20, 60_000),
                "500",
                "time between two looks when nothing wakes it, in milliseconds");
        add("outbox.batch_rows", whole(1, 5_000), "500", "rows taken at a time");
        add(
                "outbox.claim_seconds",
                whole(5, DAY),
                "60",
                "time after which the rows of a server that is gone are free for others, in seconds");
        add("outbox.keep_hours", whole(0, 876_000), "168", "time that rows stay once they are events, in hours");
        add(
                "monitoring.queue_warning",
                whole(0, 1_000_000_000),
                "100000",
                "deliveries waiting that raise metric.threshold; 0 for none");
        add(
                "monitoring.interval_seconds",
                whole(1, 3_600),
                "5",
                "time between two looks at the queue and the store's size, in seconds");
        add("log.format", choice("text", "json"), "text", "how log lines are written");
        add("log.level", choice("error", "warn", "info", "debug"), "info", "least level that is logged");
    }

    private SettingsCatalogue() {}

    /** Whether its value is shown to nobody. */
    static boolean isSecret(String key) {
        return SECRETS.contains(key);
    }

    static List<Setting> all() {
        return List.copyOf(SETTINGS.values());
    }

    static Set<String> keys() {
        return SETTINGS.keySet();
    }

    static boolean has(String key) {
        return SETTINGS.containsKey(key);
    }

    /** Whether there are settings whose keys begin with that section's name. */
    static boolean hasSection(String name) {
        return SETTINGS.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
    }

    private static void add(String key, Kind kind, String defaultText, String description) {
        SETTINGS.put(key, new Setting(key, kind, defaultText, description));
    }

    private static Kind whole(long least, long most) {
        return new Whole(least, most);
    }

    private static Kind choice(String... words) {
        return new Choice(List.of(words));
    }
}
