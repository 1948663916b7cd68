package io.longline.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.longline.security.AddressGuard;
import io.longline.security.ConfiguredKey;
import io.longline.security.DestinationRules;
import io.longline.security.MasterKey;
import io.longline.security.ProxyAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds every setting's value: command-line flags come before the environment, that before the file, that before the
 * defaults. All faults are collected before the start is refused.
 */
public final class SettingsLoader {
    private static final String ENVIRONMENT_PREFIX = "LONGLINE_";
    private static final Set<String> OTHER_VARIABLES =
            Set.of("LONGLINE_SERVER", "LONGLINE_KEY", "LONGLINE_CHROMIUM", "LONGLINE_OPTS");

    private static final String TABLE = "([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}";

    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();

    /** What loading found. Faults and warnings are one line each; there are settings exactly when there is no fault. */
    public record Loaded(@Nullable Settings settings, List<String> faults, List<String> warnings) {}

    /**
     * Loads the settings.
     *
     * @param flags by key, from the command line
     * @param environment the process's variables
     * @param file the file given with {@code --config}; {@code null} for none
     */
    public static Loaded load(Map<String, String> flags, Map<String, String> environment, @Nullable Path file) {
        return read(flags, environment, file).finish();
    }

    private static SettingsLoader read(
            Map<String, String> flags, Map<String, String> environment, @Nullable Path file) {
        SettingsLoader loader = new SettingsLoader();
        SettingsCatalogue.all().forEach(setting -> loader.give(setting.key(), setting.defaultText(), "the default"));
        if (file != null) {
            loader.readFile(file);
        }
        loader.readEnvironment(environment);
        flags.forEach((key, value) -> loader.giveKnown(key, value, "the command line"));
        return loader;
    }

    private Loaded finish() {
        Map<String, Object> values = new HashMap<>();
        Set<String> illTyped = new HashSet<>();
        for (Setting setting : SettingsCatalogue.all()) {
            String text = texts.getOrDefault(setting.key(), setting.defaultText());
            Optional<Object> value = setting.kind().read(text);
            if (value.isEmpty()) {
                illTyped.add(setting.key());
                faults.add(setting.key() + " (" + origins.get(setting.key()) + ") "
                        + setting.kind().expectation() + ", not \"" + text + "\"");
            }
            // The default stands in for an ill-typed value, so that the other faults are found as well.
            values.put(
                    setting.key(),
                    value.or(() -> setting.kind().read(setting.defaultText())).orElseThrow());
        }
        Settings settings = Settings.of(values, effective());
        checkTogether(settings, illTyped);
        return new Loaded(faults.isEmpty() ? settings : null, lines(faults), lines(warnings));
    }

    private List<EffectiveSetting> effective() {
        return SettingsCatalogue.all().stream()
                .map(setting -> EffectiveSetting.of(
                        setting,
                        texts.getOrDefault(setting.key(), setting.defaultText()),
                        origins.getOrDefault(setting.key(), "the default")))
                .toList();
    }

    /** A value may hold line ends; what is said about it is one line all the same. */
    private static List<String> lines(List<String> texts) {
        return texts.stream()
                .map(text -> text.replaceAll("[\\p{Cntrl}\\v]", " "))
                .toList();
    }

    private void checkTogether(Settings settings, Set<String> illTyped) {
        settings.auth().keys().stream()
                .flatMap(entry -> ConfiguredKey.fault(entry).stream())
                .distinct()
                .forEach(fault -> faults.add("each of auth.keys " + fault));
        checkSecrets(settings.secrets());
        if ((settings.server().tlsCertificate() == null) != (settings.server().tlsKey() == null)) {
            faults.add("server.tls_certificate and server.tls_key must be given together");
        }
        settings.server().trustedProxies().stream()
                .filter(range -> !AddressGuard.isRange(range))
                .forEach(
                        range -> faults.add("server.trusted_proxies must be none, or address ranges such as 10.0.0.0/8,"
                                + " not \"" + range + "\""));
        List<String> networks = settings.delivery().allowedNetworks();
        if (networks != null) {
            networks.stream()
                    .filter(range -> !AddressGuard.isRange(range))
                    .forEach(range -> faults.add("delivery.allow_private_networks must be auto, all, none, or address"
                            + " ranges such as 10.0.0.0/8, not \"" + range + "\""));
        }
        checkEgress(settings.delivery().egress());
        if (Collections.disjoint(illTyped, List.of("circuit.first_wait_seconds", "circuit.longest_wait_seconds"))
                && settings.circuit().firstWait().compareTo(settings.circuit().longestWait()) > 0) {
            faults.add("circuit.first_wait_seconds must not be more than circuit.longest_wait_seconds");
        }
        if (Collections.disjoint(illTyped, List.of("delivery.response_bytes_kept", "delivery.response_bytes_read"))
                && settings.delivery().responseBytesKept() > settings.delivery().responseBytesRead()) {
            faults.add("delivery.response_bytes_kept must not be more than delivery.response_bytes_read");
        }
        checkOutbox(settings);
        if (!settings.store().url().startsWith("sqlite:")
                || settings.store().url().length() == "sqlite:".length()) {
            faults.add("store.url must be sqlite: and the path of a file, not \""
                    + settings.store().url() + "\"");
        }
    }

    /** Nothing of the URL is repeated, which may hold a password. */
    private void checkOutbox(Settings settings) {
        String url = texts.getOrDefault("outbox.url", "none").strip();
        OutboxAddress address = settings.outbox().address();
        if (address == null && !url.equals("none")) {
            faults.add("outbox.url must be none, sqlite:PATH, or postgresql://USER:PASSWORD@HOST/DATABASE");
        }
        if (address instanceof OutboxAddress.Sqlite sqlite
                && settings.store().url().equals("sqlite:" + sqlite.file())) {
            faults.add("outbox.url must name the application's database, not Longline's own store");
        }
        if (!settings.outbox().table().matches(TABLE)) {
            faults.add("outbox.table must be a table's name, or a schema's and a table's with a dot between, not \""
                    + settings.outbox().table() + "\"");
        }
    }

    /** Nothing of a key is ever repeated. */
    private void checkSecrets(Settings.Secrets secrets) {
        String masterKey = secrets.masterKey();
        if (masterKey != null && MasterKey.parse(masterKey).isEmpty()) {
            faults.add("secrets.master_key must be base64 of 32 bytes; make one with: openssl rand -base64 32");
        }
        if (masterKey != null && secrets.masterKeyFile() != null) {
            faults.add("secrets.master_key and secrets.master_key_file must not both be given");
        }
        if (secrets.previousMasterKeys().stream()
                .anyMatch(each -> MasterKey.parse(each).isEmpty())) {
            faults.add("each of secrets.previous_master_keys must be base64 of 32 bytes");
        }
    }

    private void checkEgress(Settings.Egress egress) {
        egress.ports().stream()
                .filter(ports -> DestinationRules.Ports.parse(ports).isEmpty())
                .forEach(ports -> faults.add(
                        "delivery.ports must be all, or ports such as 443,8000-8999, not \"" + ports + "\""));
        checkHosts("delivery.allow_only must be all, or", egress.allowOnly() == null ? List.of() : egress.allowOnly());
        checkHosts("delivery.deny must be none, or", egress.deny());
        if (egress.proxy() != null && ProxyAddress.parse(egress.proxy()).isEmpty()) {
            faults.add("delivery.proxy must be none, or http://[USER:PASSWORD@]HOST:PORT");
        }
    }

    private void checkHosts(String what, List<String> hosts) {
        hosts.stream()
                .filter(host -> !DestinationRules.Hosts.isOne(host))
                .forEach(host ->
                        faults.add(what + " names such as *.example.com and address ranges, not \"" + host + "\""));
    }

    private void readFile(Path file) {
        try {
            // A section written twice would else lose what its first half says.
            YAMLMapper yaml = YAMLMapper.builder(new YAMLFactory())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
            JsonNode root = yaml.readTree(Files.readAllBytes(file));
            if (root != null && !root.isMissingNode() && !root.isNull()) {
                readNode("", root, file.toString());
            }
        } catch (NoSuchFileException missing) {
            faults.add("--config names a file that does not exist: " + file);
        } catch (JacksonException malformed) {
            var location = malformed.getLocation();
            String where = location == null ? "" : ", line " + location.getLineNr();
            faults.add(file + where + " is not valid YAML");
        } catch (IOException unreadable) {
            faults.add(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    private void readNode(String key, JsonNode node, String origin) {
        if (node.isObject() && !SettingsCatalogue.has(key)) {
            node.properties()
                    .forEach(entry -> readNode(
                            key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(), entry.getValue(), origin));
        } else if (node.isArray()) {
            List<String> parts = new ArrayList<>();
            node.forEach(part -> parts.add(part.asText()));
            giveKnown(key, String.join(",", parts), origin);
        } else if (node.isNull() && SettingsCatalogue.hasSection(key)) {
            // A section whose settings are all left out keeps their defaults.
            return;
        } else if (node.isValueNode()) {
            giveKnown(key.isEmpty() ? "the file" : key, node.isNull() ? "" : node.asText(), origin);
        } else {
            faults.add(key + " (" + origin + ") must be a single value");
        }
    }

    private void readEnvironment(Map<String, String> environment) {
        Map<String, String> keysByName = new HashMap<>();
        SettingsCatalogue.all().forEach(setting -> keysByName.put(setting.environmentName(), setting.key()));
        environment.keySet().stream()
                .filter(name -> name.startsWith(ENVIRONMENT_PREFIX) && !OTHER_VARIABLES.contains(name))
                .sorted()
                .forEach(name -> {
                    String key = keysByName.get(name);
                    if (key == null) {
                        warnings.add("the environment variable " + name + " names no setting and is ignored");
                    } else {
                        give(key, environment.getOrDefault(name, ""), name);
                    }
                });
    }

    private void giveKnown(String key, String value, String origin) {
        if (SettingsCatalogue.has(key)) {
            give(key, value, origin);
        } else {
            faults.add("there is no setting " + key + " (" + origin + ")");
        }
    }

    private void give(String key, String value, String origin) {
        texts.put(key, value);
        origins.put(key, origin);
    }
}
