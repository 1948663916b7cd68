package io.longline.api;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many live streams there are. A tenant may have a fourth of them. Safe for use by several threads. */
final class LiveSeats {
    private static final int SHARE_OF_A_TENANT = 4;

    private final int most;
    private final Map<String, Integer> byTenant = new HashMap<>();
    private int taken;

    LiveSeats(int most) {
        this.most = most;
    }

    /** Leave for one stream. */
    final class Seat {
        private final @Nullable String tenant;
        private boolean given = true;

        private Seat(@Nullable String tenant) {
            this.tenant = tenant;
        }

        /** Gives it back; once is enough. */
        void giveBack() {
            synchronized (LiveSeats.this) {
                if (given) {
                    given = false;
                    taken--;
                    if (tenant != null) {
                        byTenant.computeIfPresent(tenant, (name, count) -> count > 1 ? count - 1 : null);
                    }
                }
            }
        }
    }

    /** Takes one; throws a {@link Problem} when there is none left for that caller. */
    synchronized Seat take(Caller caller) {
        String tenant = caller.grants().tenant();
        int ofTenant = tenant == null ? 0 : byTenant.getOrDefault(tenant, 0);
        if (taken >= most || (tenant != null && ofTenant >= Math.max(1, most / SHARE_OF_A_TENANT))) {
            throw Problem.unavailable("There are as many live streams as there may be (live.streams)");
        }
        taken++;
        if (tenant != null) {
            byTenant.merge(tenant, 1, Integer::sum);
        }
        return new Seat(tenant);
    }
}
