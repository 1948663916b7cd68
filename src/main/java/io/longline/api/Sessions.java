package io.longline.api;

import io.longline.model.KeyId;
import io.longline.security.KeySecret;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in to the dashboard. A session is in memory alone: a restart signs everybody out. It ends when nothing was
 * asked for a while, at the latest after a longer while, when it is signed out, and with its key. What the browser holds
 * is a token of which only the hash is known here. Safe for use by several threads.
 */
final class Sessions {
    private static final int MOST = 10_000;

    private final RandomGenerator random;
    private final Duration idle;
    private final Duration longest;
    private final Map<String, Live> live = new LinkedHashMap<>();

    /**
     * One session.
     *
     * @param id the hash of its token
     * @param endsAt when it ends at the latest
     */
    record Session(String id, KeyId keyId, Instant endsAt) {}

    private static final class Live {
        private final Session session;
        private Instant askedAt;

        private Live(Session session, Instant askedAt) {
            this.session = session;
            this.askedAt = askedAt;
        }
    }

    /** A session just begun, and the token that the browser is to show. */
    record Begun(Session session, String token) {}

    Sessions(RandomGenerator random, Duration idle, Duration longest) {
        this.random = random;
        this.idle = idle;
        this.longest = longest;
    }

    synchronized Begun begin(KeyId keyId, Instant now) {
        live.values().removeIf(each -> isOver(each, now));
        Iterator<Live> oldest = live.values().iterator();
        while (live.size() >= MOST) {
            oldest.next();
            oldest.remove();
        }
        String token = KeySecret.token(random);
        Session session = new Session(KeySecret.hashText(token), keyId, now.plus(longest));
        live.put(session.id(), new Live(session, now));
        return new Begun(session, token);
    }

    /** The session of a token, which is thereby in use. */
    synchronized @Nullable Session use(String token, Instant now) {
        String id = KeySecret.hashText(token);
        Live found = live.get(id);
        if (found == null) {
            return null;
        }
        if (isOver(found, now)) {
            live.remove(id);
            return null;
        }
        found.askedAt = now;
        return found.session;
    }

    /** Whether a session goes on, which is thereby in use. */
    synchronized boolean keep(Session session, Instant now) {
        Live found = live.get(session.id());
        if (found == null || isOver(found, now)) {
            return false;
        }
        found.askedAt = now;
        return true;
    }

    synchronized void end(Session session) {
        live.remove(session.id());
    }

    private boolean isOver(Live each, Instant now) {
        return !now.isBefore(each.session.endsAt()) || !now.isBefore(each.askedAt.plus(idle));
    }
}
