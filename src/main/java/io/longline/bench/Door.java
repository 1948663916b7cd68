package io.longline.bench;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is called, and with what.
 *
 * @param address such as {@code http://localhost:8000}
 * @param key an API key; {@code null} for a server that asks for none
 */
record Door(String address, @Nullable String key) {
    /** What every call carries. */
    MultiMap headers() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (key != null) {
            headers.set("Authorization", "Bearer " + key);
        }
        return headers;
    }
}
