package io.longline.api;

import io.longline.config.Settings;
import io.longline.security.TrustedProxies;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there are to this node, in all and from each address. Safe for use by several threads. */
public final class ConnectionLimits {
    private final int most;
    private final int mostOfAddress;
    private final TrustedProxies proxies;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    public ConnectionLimits(Settings settings) {
        proxies = TrustedProxies.of(settings.server().trustedProxies());
        most = settings.limits().connections();
        // On loopback all come from one address, and from this machine's user.
        mostOfAddress =
                settings.isLoopback() ? Integer.MAX_VALUE : settings.limits().connectionsPerAddress();
    }

    /** Counts a connection; answers whether there may be one more. A trusted proxy brings everybody's. Each is given back once, whatever the answer. */
    boolean open(String address) {
        int all = open.incrementAndGet();
        int ofAddress = byAddress.merge(AddressBuckets.group(address), 1, Integer::sum);
        return all <= most && (ofAddress <= mostOfAddress || proxies.trust(address));
    }

    void close(String address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(AddressBuckets.group(address), (group, count) -> count > 1 ? count - 1 : null);
    }
}
