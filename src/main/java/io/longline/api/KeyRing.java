package io.longline.api;

import io.github.bucket4j.Bucket;
import io.longline.model.ApiKey;
import io.longline.model.KeyId;
import io.longline.security.KeySecret;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every key that may be used, by its hash, in memory: showing a key costs one SHA-256 and one look-up, and no read of the
 * store. The look-up goes by part of the hash, which tells nothing of the key; the whole is compared in constant time,
 * and one that is not there is compared all the same. Safe for use by several threads.
 */
final class KeyRing {
    private static final byte[] NOBODYS = new byte[32];

    private final Supplier<@Nullable Bucket> newBucket;
    private final Map<Long, List<Held>> byHash = new ConcurrentHashMap<>();
    private final Map<KeyId, Held> byId = new ConcurrentHashMap<>();

    /** A key in use. */
    static final class Held {
        private final ApiKey key;
        private final byte[] hash;
        private final AtomicLong notedAt;
        private final @Nullable Bucket bucket;

        private Held(ApiKey key, @Nullable Bucket bucket) {
            this.bucket = bucket;
            this.key = key;
            this.hash = HexFormat.of().parseHex(key.sha256());
            Instant used = key.lastUsedAt();
            this.notedAt = new AtomicLong(used == null ? 0 : used.toEpochMilli());
        }

        /** What its calls are taken from; {@code null} when there is no limit. */
        @Nullable Bucket bucket() {
            return bucket;
        }

        ApiKey key() {
            return key;
        }

        /** Whether its use is to be noted now, because that was not done for so long. True for one caller alone. */
        boolean isToBeNoted(long nowMillis, long everyMillis) {
            long last = notedAt.get();
            return nowMillis - last >= everyMillis && notedAt.compareAndSet(last, nowMillis);
        }
    }

    /** @param newBucket makes what limits the calls with a key */
    KeyRing(Supplier<@Nullable Bucket> newBucket) {
        this.newBucket = newBucket;
    }

    void put(ApiKey key) {
        Held held = new Held(key, newBucket.get());
        remove(key.id());
        byId.put(key.id(), held);
        byHash.merge(place(held.hash), List.of(held), (before, added) -> {
            List<Held> all = new ArrayList<>(before);
            all.addAll(added);
            return List.copyOf(all);
        });
    }

    void remove(KeyId id) {
        Held gone = byId.remove(id);
        if (gone != null) {
            byHash.computeIfPresent(place(gone.hash), (place, all) -> {
                List<Held> others = all.stream().filter(each -> each != gone).toList();
                return others.isEmpty() ? null : others;
            });
        }
    }

    /** The key that was shown, if it may be used at that time. */
    @Nullable Held find(String shown, Instant now) {
        byte[] hash = KeySecret.hash(shown);
        List<Held> candidates = byHash.get(place(hash));
        if (candidates == null) {
            MessageDigest.isEqual(NOBODYS, hash);
            return null;
        }
        Held found = null;
        for (Held candidate : candidates) {
            if (MessageDigest.isEqual(candidate.hash, hash)) {
                found = candidate;
            }
        }
        return found == null || found.key.isExpired(now) ? null : found;
    }

    /** A key that was used before, if it still may be. */
    @Nullable Held find(KeyId id, Instant now) {
        Held found = byId.get(id);
        return found == null || found.key.isExpired(now) ? null : found;
    }

    boolean hasUsable(Instant now) {
        return byId.values().stream().anyMatch(held -> !held.key.isExpired(now));
    }

    int size() {
        return byId.size();
    }

    private static Long place(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }
}
