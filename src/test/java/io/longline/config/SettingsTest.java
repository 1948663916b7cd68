package io.longline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.config.SettingsLoader.Loaded;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins every setting: its key, the environment variable, the default, and which part of the settings it ends up in. */
class SettingsTest {
    /** Key; environment variable; default; where it is read from, and as what; another value, and as what it is read. */
    private static final String PINNED = """
            server.host|LONGLINE_SERVER_HOST|127.0.0.1|server.host|127.0.0.1|::1|::1
            server.port|LONGLINE_SERVER_PORT|8000|server.port|8000|0|0
            server.max_body_bytes|LONGLINE_SERVER_MAX_BODY_BYTES|1048576|server.maxBodyBytes|1048576|2048|2048
            server.drain_seconds|LONGLINE_SERVER_DRAIN_SECONDS|10|server.drain|PT10S|0|PT0S
            server.tls_certificate|LONGLINE_SERVER_TLS_CERTIFICATE|none|server.tlsCertificate|null|/c.pem|/c.pem
            server.tls_key|LONGLINE_SERVER_TLS_KEY|none|server.tlsKey|null|/k.pem|/k.pem
            server.trusted_proxies|LONGLINE_SERVER_TRUSTED_PROXIES|none|server.trustedProxies|[]|10.0.0.0/8|[10.0.0.0/8]
            auth.mode|LONGLINE_AUTH_MODE|auto|auth.mode|auto|none|none
            auth.keys|LONGLINE_AUTH_KEYS|none|auth.keys|[]|HASH|[HASH]
            auth.session_idle_seconds|LONGLINE_AUTH_SESSION_IDLE_SECONDS|3600|auth.sessionIdle|PT1H|60|PT1M
            auth.session_seconds|LONGLINE_AUTH_SESSION_SECONDS|43200|auth.sessionLongest|PT12H|3600|PT1H
            limits.requests_per_second_per_key|LONGLINE_LIMITS_REQUESTS_PER_SECOND_PER_KEY|10000|limits.requestsPerKey|10000|0|0
            limits.requests_per_second_per_address|LONGLINE_LIMITS_REQUESTS_PER_SECOND_PER_ADDRESS|10000|limits.requestsPerAddress|10000|5|5
            limits.source_calls_per_second_per_address|LONGLINE_LIMITS_SOURCE_CALLS_PER_SECOND_PER_ADDRESS|100|limits.sourceCallsPerAddress|100|5|5
            limits.connections|LONGLINE_LIMITS_CONNECTIONS|10000|limits.connections|10000|3|3
            limits.connections_per_address|LONGLINE_LIMITS_CONNECTIONS_PER_ADDRESS|1000|limits.connectionsPerAddress|1000|2|2
            limits.slow_request_seconds|LONGLINE_LIMITS_SLOW_REQUEST_SECONDS|30|limits.slowRequest|PT30S|1|PT1S
            live.streams|LONGLINE_LIVE_STREAMS|200|live.streams|200|3|3
            live.heartbeat_seconds|LONGLINE_LIVE_HEARTBEAT_SECONDS|15|live.heartbeat|PT15S|1|PT1S
            secrets.master_key|LONGLINE_SECRETS_MASTER_KEY|none|secrets.masterKey|null|KEY|KEY
            secrets.master_key_file|LONGLINE_SECRETS_MASTER_KEY_FILE|none|secrets.masterKeyFile|null|/k|/k
            secrets.previous_master_keys|LONGLINE_SECRETS_PREVIOUS_MASTER_KEYS|none|secrets.previousMasterKeys|[]|KEY|[KEY]
            store.url|LONGLINE_STORE_URL|sqlite:longline.db|store.url|sqlite:longline.db|sqlite:/x.db|sqlite:/x.db
            store.synchronous|LONGLINE_STORE_SYNCHRONOUS|full|store.synchronous|full|normal|normal
            store.readers|LONGLINE_STORE_READERS|4|store.readers|4|2|2
            ingest.max_waiting_events|LONGLINE_INGEST_MAX_WAITING_EVENTS|10000|ingest.maxWaitingEvents|10000|7|7
            ingest.max_waiting_bytes|LONGLINE_INGEST_MAX_WAITING_BYTES|67108864|ingest.maxWaitingBytes|67108864|1048577|1048577
            ingest.max_waiting_deliveries|LONGLINE_INGEST_MAX_WAITING_DELIVERIES|100000|ingest.maxWaitingDeliveries|100000|9|9
            ingest.max_fan_out|LONGLINE_INGEST_MAX_FAN_OUT|100000|ingest.maxFanOut|100000|11|11
            ingest.max_payload_bytes|LONGLINE_INGEST_MAX_PAYLOAD_BYTES|262144|ingest.maxPayloadBytes|262144|256|256
            ingest.max_batch_events|LONGLINE_INGEST_MAX_BATCH_EVENTS|1000|ingest.maxBatchEvents|1000|13|13
            ingest.max_batch_bytes|LONGLINE_INGEST_MAX_BATCH_BYTES|67108864|ingest.maxBatchBytes|67108864|2048|2048
            ingest.idempotency_hours|LONGLINE_INGEST_IDEMPOTENCY_HOURS|24|ingest.idempotency|PT24H|1|PT1H
            delivery.shards|LONGLINE_DELIVERY_SHARDS|0|delivery.shards|CORES|77|77
            delivery.max_in_flight|LONGLINE_DELIVERY_MAX_IN_FLIGHT|1024|delivery.maxInFlight|1024|64|64
            delivery.max_in_flight_per_webhook|LONGLINE_DELIVERY_MAX_IN_FLIGHT_PER_WEBHOOK|16|delivery.maxInFlightPerWebhook|16|3|3
            delivery.window|LONGLINE_DELIVERY_WINDOW|256|delivery.window|256|8|8
            delivery.payload_memory_bytes|LONGLINE_DELIVERY_PAYLOAD_MEMORY_BYTES|67108864|delivery.payloadMemoryBytes|67108864|1048576|1048576
            delivery.connect_seconds|LONGLINE_DELIVERY_CONNECT_SECONDS|5|delivery.connectTimeout|PT5S|1|PT1S
            delivery.response_bytes_kept|LONGLINE_DELIVERY_RESPONSE_BYTES_KEPT|16384|delivery.responseBytesKept|16384|5|5
            delivery.response_bytes_read|LONGLINE_DELIVERY_RESPONSE_BYTES_READ|65536|delivery.responseBytesRead|65536|16384|16384
            delivery.max_age_seconds|LONGLINE_DELIVERY_MAX_AGE_SECONDS|604800|delivery.maxAge|PT168H|60|PT1M
            delivery.longest_rest_seconds|LONGLINE_DELIVERY_LONGEST_REST_SECONDS|600|delivery.longestRest|PT10M|0|PT0S
            delivery.disable_after_seconds|LONGLINE_DELIVERY_DISABLE_AFTER_SECONDS|432000|delivery.disableAfter|PT120H|0|PT0S
            delivery.sweep_seconds|LONGLINE_DELIVERY_SWEEP_SECONDS|30|delivery.sweepInterval|PT30S|1|PT1S
            delivery.replays_per_second|LONGLINE_DELIVERY_REPLAYS_PER_SECOND|200|delivery.replaysPerSecond|200|5|5
            delivery.allow_private_networks|LONGLINE_DELIVERY_ALLOW_PRIVATE_NETWORKS|auto|delivery.allowedNetworks|null|none|[]
            delivery.https_only|LONGLINE_DELIVERY_HTTPS_ONLY|false|delivery.egress.httpsOnly|false|true|true
            delivery.ports|LONGLINE_DELIVERY_PORTS|all|delivery.egress.ports|[]|443,8000-8999|[443, 8000-8999]
            delivery.allow_only|LONGLINE_DELIVERY_ALLOW_ONLY|all|delivery.egress.allowOnly|null|*.a.example|[*.a.example]
            delivery.deny|LONGLINE_DELIVERY_DENY|none|delivery.egress.deny|[]|10.0.0.0/8|[10.0.0.0/8]
            delivery.proxy|LONGLINE_DELIVERY_PROXY|none|delivery.egress.proxy|null|http://p:1|http://p:1
            circuit.enabled|LONGLINE_CIRCUIT_ENABLED|true|circuit.enabled|true|false|false
            circuit.failures_in_a_row|LONGLINE_CIRCUIT_FAILURES_IN_A_ROW|10|circuit.failuresInARow|10|3|3
            circuit.window|LONGLINE_CIRCUIT_WINDOW|20|circuit.window|20|64|64
            circuit.first_wait_seconds|LONGLINE_CIRCUIT_FIRST_WAIT_SECONDS|30|circuit.firstWait|PT30S|1|PT1S
            circuit.longest_wait_seconds|LONGLINE_CIRCUIT_LONGEST_WAIT_SECONDS|600|circuit.longestWait|PT10M|60|PT1M
            retention.events_days|LONGLINE_RETENTION_EVENTS_DAYS|30|retention.events|PT720H|1|PT24H
            retention.deliveries_days|LONGLINE_RETENTION_DELIVERIES_DAYS|30|retention.deliveries|PT720H|2|PT48H
            retention.statistics_days|LONGLINE_RETENTION_STATISTICS_DAYS|90|retention.statistics|PT2160H|3|PT72H
            retention.audit_days|LONGLINE_RETENTION_AUDIT_DAYS|365|retention.audit|PT8760H|4|PT96H
            retention.replays_days|LONGLINE_RETENTION_REPLAYS_DAYS|30|retention.replays|PT720H|5|PT120H
            retention.interval_seconds|LONGLINE_RETENTION_INTERVAL_SECONDS|60|retention.interval|PT1M|1|PT1S
            outbox.url|LONGLINE_OUTBOX_URL|none|outbox.address|null|sqlite:/a.db|sqlite:/a.db
            outbox.table|LONGLINE_OUTBOX_TABLE|outbox|outbox.table|outbox|app.events|app.events
            outbox.poll_ms|LONGLINE_OUTBOX_POLL_MS|500|outbox.poll|PT0.5S|1000|PT1S
            outbox.batch_rows|LONGLINE_OUTBOX_BATCH_ROWS|500|outbox.batchRows|500|7|7
            outbox.claim_seconds|LONGLINE_OUTBOX_CLAIM_SECONDS|60|outbox.claim|PT1M|5|PT5S
            outbox.keep_hours|LONGLINE_OUTBOX_KEEP_HOURS|168|outbox.keep|PT168H|0|PT0S
            monitoring.queue_warning|LONGLINE_MONITORING_QUEUE_WARNING|100000|monitoring.queueWarning|100000|5|5
            monitoring.interval_seconds|LONGLINE_MONITORING_INTERVAL_SECONDS|5|monitoring.interval|PT5S|60|PT1M
            log.format|LONGLINE_LOG_FORMAT|text|log.format|text|json|json
            log.level|LONGLINE_LOG_LEVEL|info|log.level|info|error|error
            """;

    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private record Pin(
            String key, String variable, String text, String path, String typed, String other, String otherTyped) {}

    static List<Pin> pins() {
        return PINNED.lines()
                .map(line -> line.replace("HASH", "0a".repeat(32))
                        .replace("|KEY|KEY", "|" + MASTER_KEY + "|" + MASTER_KEY)
                        .replace("|KEY|[KEY]", "|" + MASTER_KEY + "|[" + MASTER_KEY + "]")
                        .split("\\|"))
                .map(part -> new Pin(part[0], part[1], part[2], part[3], part[4], part[5], part[6]))
                .toList();
    }

    @Test
    void pins_areEverySettingInTheCataloguesOrder() {
        assertThat(SettingsCatalogue.all())
                .extracting(Setting::key)
                .containsExactlyElementsOf(pins().stream().map(Pin::key).toList());
    }

    @ParameterizedTest
    @MethodSource("pins")
    void setting_hasItsVariableAndItsDefault(Pin pin) {
        Setting setting = SettingsCatalogue.all().stream()
                .filter(each -> each.key().equals(pin.key))
                .findFirst()
                .orElseThrow();

        assertThat(setting.environmentName()).isEqualTo(pin.variable);
        assertThat(setting.defaultText()).isEqualTo(pin.text);
    }

    @ParameterizedTest
    @MethodSource("pins")
    void default_isReadWhenNobodySaysAnything(Pin pin) {
        Settings settings = settings(Map.of(), Map.of());

        String expected =
                pin.typed.equals("CORES") ? String.valueOf(Runtime.getRuntime().availableProcessors()) : pin.typed;
        assertThat(String.valueOf(valueAt(settings, pin.path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("pins")
    void flag_setsItsOwnSettingAndNoOther(Pin pin) {
        Settings settings = settings(Map.of(pin.key, pin.other), Map.of());

        assertThat(valueAt(settings, pin.path)).hasToString(pin.otherTyped);
        for (Pin each : pins()) {
            boolean together = each.key.startsWith("server.tls_") && pin.key.startsWith("server.tls_");
            if (!each.key.equals(pin.key) && !together) {
                assertThat(valueAt(settings, each.path))
                        .as(each.key)
                        .isEqualTo(valueAt(settings(Map.of(), Map.of()), each.path));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pins")
    void variable_setsItsSetting(Pin pin) {
        Settings settings = settings(Map.of(), Map.of(pin.variable, pin.other));

        assertThat(valueAt(settings, pin.path)).hasToString(pin.otherTyped);
    }

    /** Deliveries to this machine's own network are for a server that nobody else can reach. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.7", "longline.example", "127.example", "128.0.0.1"})
    void offLoopback_privateNetworksAreBlockedUnlessAllowed(String host) {
        Settings settings = settings(Map.of("server.host", host), Map.of());

        assertThat(settings.isLoopback()).isFalse();
        assertThat(settings.delivery().allowedNetworks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"})
    void onLoopback_nothingIsBlocked(String host) {
        Settings settings = settings(Map.of("server.host", host), Map.of());

        assertThat(settings.isLoopback()).isTrue();
        assertThat(settings.delivery().allowedNetworks()).isNull();
    }

    @Test
    void allowedNetworks_areEverythingNothingOrTheRangesNamed() {
        assertThat(networks("all")).isNull();
        assertThat(networks("none")).isEmpty();
        assertThat(networks("10.0.0.0/8, fd00::/8 ,192.168.1.7"))
                .containsExactly("10.0.0.0/8", "fd00::/8", "192.168.1.7");
    }

    private static @Nullable List<String> networks(String text) {
        return settings(Map.of("server.host", "0.0.0.0", "delivery.allow_private_networks", text), Map.of())
                .delivery()
                .allowedNetworks();
    }

    private static Settings settings(Map<String, String> given, Map<String, String> environment) {
        Map<String, String> flags = new HashMap<>(given);
        for (String other : List.of("server.tls_certificate", "server.tls_key")) {
            boolean alone = flags.keySet().stream().anyMatch(key -> key.startsWith("server.tls_"))
                    || environment.keySet().stream().anyMatch(name -> name.startsWith("LONGLINE_SERVER_TLS_"));
            if (alone
                    && !environment.containsKey(
                            "LONGLINE_" + other.toUpperCase(Locale.ROOT).replace('.', '_'))) {
                flags.putIfAbsent(other, "/other.pem");
            }
        }
        Loaded loaded = SettingsLoader.load(flags, environment, null);
        assertThat(loaded.faults()).isEmpty();
        assertThat(loaded.warnings()).isEmpty();
        return loaded.settings();
    }

    private static @Nullable Object valueAt(Object root, String path) {
        Object value = root;
        for (String name : path.split("\\.")) {
            RecordComponent component = Arrays.stream(value.getClass().getRecordComponents())
                    .filter(each -> each.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
            try {
                value = component.getAccessor().invoke(value);
            } catch (ReflectiveOperationException fault) {
                throw new IllegalStateException(path, fault);
            }
        }
        return value;
    }
}
