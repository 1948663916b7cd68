package io.longline.api;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.longline.config.Settings;
import io.longline.model.ApiKey;
import io.longline.model.TimeSource;
import io.longline.security.ConfiguredKey;
import io.longline.security.KeySecret;
import io.longline.security.TrustedProxies;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who calls and whether they may: by the key or session that a request shows, all of it from memory. One serves
 * the whole node; safe for use by several threads.
 */
public final class Gatekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);
    private static final String BEARER = "Bearer ";
    private static final CharSequence API_KEY = HttpHeaders.createOptimized("X-API-Key");
    private static final Pattern SHOWABLE = Pattern.compile("[\\x21-\\x7E]{1,512}");
    private static final long USE_NOTED_EVERY_MILLIS = 60_000;
    /** Wrong keys that one address may show at once, and how often it may show another. */
    private static final int WRONG_AT_ONCE = 10;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WRONG_AGAIN_EVERY = Duration.ofSeconds(6);

    private final Settings settings;
    private final Store store;
    private final TimeSource time;
    private final KeyRing keys;
    private final @Nullable AddressBuckets addresses;
    private final @Nullable AddressBuckets sourceCalls;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final TrustedProxies proxies;
    private final AddressBuckets wrongKeys;
    private final boolean keysNeeded;

    public Gatekeeper(Settings settings, Store store, TimeSource time, RandomGenerator random) {
        this.settings = settings;
        this.store = store;
        this.time = time;
        this.keysNeeded = settings.needsKeys();
        TimeMeter meter = AddressBuckets.meter(time);
        int perKey = settings.limits().requestsPerKey();
        this.keys = new KeyRing(() -> perKey == 0 ? null : AddressBuckets.bucket(meter, perKey, perKey, SECOND));
        int perAddress = settings.limits().requestsPerAddress();
        this.addresses = keysNeeded && perAddress > 0 ? new AddressBuckets(time, perAddress, perAddress, SECOND) : null;
        int callsPerAddress = settings.limits().sourceCallsPerAddress();
        this.sourceCalls = keysNeeded && callsPerAddress > 0
                ? new AddressBuckets(time, callsPerAddress, callsPerAddress, SECOND)
                : null;
        this.proxies = TrustedProxies.of(settings.server().trustedProxies());
        this.sessions = new Sessions(
                random, settings.auth().sessionIdle(), settings.auth().sessionLongest());
        this.cookie = new SessionCookie(settings.server().isTls());
        this.wrongKeys = new AddressBuckets(time, WRONG_AT_ONCE, 1, WRONG_AGAIN_EVERY);
    }

    /** Reads every key there is; answers whether any of them can be used. */
    public Future<Boolean> readKeys() {
        return store.access().allKeys().map(stored -> {
            settings.auth().keys().stream().map(ConfiguredKey::of).forEach(keys::put);
            stored.forEach(keys::put);
            return keys.hasUsable(time.now());
        });
    }

    boolean needsKeys() {
        return keysNeeded;
    }

    KeyRing keys() {
        return keys;
    }

    Sessions sessions() {
        return sessions;
    }

    SessionCookie cookie() {
        return cookie;
    }

    /** Where a request comes from, as far as that can be told. */
    String address(HttpServerRequest request) {
        String peer = String.valueOf(request.remoteAddress().hostAddress());
        return proxies.client(peer, request.headers().getAll("X-Forwarded-For"));
    }

    /** Takes one from what the address that a request comes from may ask; throws a {@link Problem} when that is used up. */
    void limit(HttpServerRequest request) {
        if (addresses != null) {
            take(addresses.of(address(request)), "from this address");
        }
    }

    private static void take(Bucket bucket, String whence) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw Problem.tooMany("Too many requests " + whence, probe.getNanosToWaitForRefill());
        }
    }

    /** Who makes a request for a route that needs so much; throws a {@link Problem} when they may not. */
    Caller admit(HttpServerRequest request, Access access) {
        if (access == Access.OPEN) {
            return Caller.ANYBODY;
        }
        if (access == Access.SIGNED) {
            if (sourceCalls != null) {
                take(sourceCalls.of(address(request)), "to sources from this address");
            }
            return Caller.ANYBODY;
        }
        String shown = shownKey(request);
        if (shown != null && !keysNeeded && !shown.startsWith(KeySecret.PREFIX)) {
            // Meant for whatever stands in front of a server that needs no keys.
            shown = null;
        }
        Caller caller = shown == null
                ? withoutKey(request)
                : Caller.of(check(request, shown).key());
        if (!access.isOpenTo(caller.grants())) {
            throw Problem.of(403, "This key lacks the scope " + access.scopeText());
        }
        return caller;
    }

    /** Whether a caller that was let in, and has not gone yet, may stay. A browser that listens does not sign itself out. */
    boolean isStillWelcome(Caller caller) {
        ApiKey key = caller.key();
        if (key == null) {
            return true;
        }
        Instant now = time.now();
        Sessions.Session session = caller.session();
        return keys.find(key.id(), now) != null && (session == null || sessions.keep(session, now));
    }

    private Caller withoutKey(HttpServerRequest request) {
        Caller signedIn = signedIn(request);
        if (signedIn != null) {
            return signedIn;
        }
        if (keysNeeded) {
            throw Problem.unauthorized("This needs a key: Authorization: Bearer llk_…");
        }
        return Caller.KEYLESS;
    }

    private @Nullable Caller signedIn(HttpServerRequest request) {
        String token = cookie.read(request);
        if (token == null) {
            return null;
        }
        Instant now = time.now();
        Sessions.Session session = sessions.use(token, now);
        KeyRing.Held held = session == null ? null : keys.find(session.keyId(), now);
        if (session == null || held == null) {
            return null;
        }
        boolean changes =
                !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
        if (changes && !SessionCookie.isFromOwnPage(request)) {
            throw Problem.of(403, "A signed-in browser changes things only from the dashboard's own pages");
        }
        note(held, now);
        return Caller.of(held.key(), session);
    }

    /** The key that was shown, which must be a good one. Repeated wrong ones from one address are slowed. */
    KeyRing.Held check(HttpServerRequest request, String shown) {
        Instant now = time.now();
        KeyRing.Held held = keys.find(shown, now);
        if (held != null) {
            note(held, now);
            return held;
        }
        String address = address(request);
        Bucket bucket = wrongKeys.of(address);
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw Problem.tooMany("Too many wrong keys from this address", probe.getNanosToWaitForRefill());
        }
        LOG.warn("a wrong key was shown from {}; after {} of them it has to wait", address, WRONG_AT_ONCE);
        throw Problem.unauthorized("There is no such key, or it has expired");
    }

    /** Takes the call from what the key may ask. Use is noted about once a minute, without anybody waiting for it. */
    private void note(KeyRing.Held held, Instant now) {
        if (held.bucket() != null) {
            take(held.bucket(), "with this key");
        }
        if (held.isToBeNoted(now.toEpochMilli(), USE_NOTED_EVERY_MILLIS)) {
            store.write(new Operation.TouchKey(held.key().id(), now))
                    .onFailure(fault -> LOG.debug("the use of a key is noted later: {}", fault.getMessage()));
        }
    }

    private @Nullable String shownKey(HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        String shown;
        if (authorization != null) {
            boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
            if (!bearer && keysNeeded) {
                throw Problem.unauthorized("Authorization must be Bearer and a key");
            }
            shown = bearer ? authorization.substring(BEARER.length()).strip() : null;
        } else {
            shown = request.getHeader(API_KEY);
        }
        if (shown != null && keysNeeded && !SHOWABLE.matcher(shown).matches()) {
            throw Problem.unauthorized("What was shown cannot be a key");
        }
        return shown;
    }
}
