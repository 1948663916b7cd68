package io.longline.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server's settings come from on the command line. */
final class ServeOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
    @Nullable Path config;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on (server.host).")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on (server.port).")
    private @Nullable String port;

    @Option(names = "--store", paramLabel = "URL", description = "Where everything is kept (store.url).")
    private @Nullable String store;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any setting, such as delivery.max_in_flight=64. May be given more than once.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** The settings given, by key. */
    Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        put(flags, "server.host", host);
        put(flags, "server.port", port);
        put(flags, "store.url", store);
        return flags;
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
