package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Webhook;
import io.longline.store.Acceptance;
import io.longline.store.Operation.IdempotencyClaim;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.NewEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E12: idempotency keys have a table of their own and are written with the event. */
public abstract class IdempotencyContract extends StoreContract {
    private static final Acceptance STORED = new Acceptance.Stored();

    @Test
    void e12_aRepeatedCallIsAnsweredAsTheFirstAndStoresNothing() {
        write(accept(claim("k", "body", "first"), event(registered())));

        Acceptance again = write(accept(claim("k", "body", "second"), event(registered())));

        assertThat(again).isEqualTo(new Acceptance.Replayed("first"));
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("1");
    }

    @Test
    void e12_theSameKeyForAnotherBodyIsAConflict() {
        write(accept(claim("k", "body", "first"), event()));

        Acceptance other = write(accept(claim("k", "other body", "second"), event()));

        assertThat(other).isEqualTo(new Acceptance.KeyConflict());
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("1");
    }

    @Test
    void e12_equalKeysWithinOneCommitAreResolvedInOrder() {
        List<Future<Acceptance>> written = together(() -> List.of(
                store.write(accept(claim("k", "body", "first"), event())),
                store.write(accept(claim("k", "body", "second"), event())),
                store.write(accept(claim("k", "other", "third"), event())),
                store.write(accept(claim("l", "body", "fourth"), event()))));

        assertThat(written.stream().map(StoreContract::await))
                .containsExactly(STORED, new Acceptance.Replayed("first"), new Acceptance.KeyConflict(), STORED);
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("2");
    }

    @Test
    void e12_keysOfAnotherTenantOrScopeAreOtherKeys() {
        IdempotencyClaim ours = claim("k", "body", "ours");
        write(accept(ours, event()));

        Acceptance tenant = write(accept(of(ours, "acme", "trigger"), event()));
        Acceptance scope = write(accept(of(ours, "default", "batch"), event()));

        assertThat(List.of(tenant, scope)).containsOnly(STORED);
    }

    private static IdempotencyClaim of(IdempotencyClaim claim, String tenant, String scope) {
        return new IdempotencyClaim(
                tenant,
                scope,
                claim.key(),
                claim.bodySha256(),
                claim.answer(),
                claim.nowMillis(),
                claim.expiresAtMillis());
    }

    @Test
    void e12_aKeyIsFreeAgainOnceItHasExpired() {
        write(accept(claim("k", "body", "first"), event()));
        now.addAndGet(Duration.ofHours(24).toMillis());

        Acceptance later = write(accept(claim("k", "other body", "second"), event()));

        assertThat(later).isEqualTo(STORED);
        assertThat(write(accept(claim("k", "other body", "third"), event())))
                .isEqualTo(new Acceptance.Replayed("second"));
    }

    @Test
    void e12_aKeySurvivesARestart() {
        write(accept(claim("k", "body", "first"), event()));

        reopen();

        assertThat(write(accept(claim("k", "body", "second"), event()))).isEqualTo(new Acceptance.Replayed("first"));
    }

    @Test
    void e12_aFaultyEventClaimsNoKey() {
        Webhook webhook = registered();
        NewEvent known = event(webhook);
        write(accept(known));
        faultOf(store.write(accept(claim("k", "body", "first"), known)));

        Acceptance sound = write(accept(claim("k", "body", "second"), event(webhook)));

        assertThat(sound).isEqualTo(STORED);
    }

    @Test
    void e13_expiredKeysGoInStepsAndLiveOnesStay() {
        for (int key = 0; key < 7; key++) {
            write(accept(claim("old" + key, "body", "answer"), event()));
        }
        now.addAndGet(Duration.ofHours(24).toMillis());
        write(accept(claim("new", "body", "answer"), event()));

        int first = step(new Job.DropIdempotencyKeys(), 5);
        int second = step(new Job.DropIdempotencyKeys(), 5);

        assertThat(List.of(first, second)).containsExactly(5, 2);
        assertThat(rows("SELECT key FROM idempotency")).containsExactly("new");
    }
}
