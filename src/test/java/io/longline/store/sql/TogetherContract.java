package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.model.AuditEntry;
import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme;
import io.longline.model.Webhook;
import io.longline.store.Clash;
import io.longline.store.Operation;
import io.longline.store.Operation.ChangeAll;
import io.longline.store.Operation.CreateSource;
import io.longline.store.Operation.CreateWebhook;
import io.longline.store.Operation.DeleteWebhook;
import io.longline.store.Operation.RecordAudit;
import io.longline.store.Operation.SaveWebhook;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes that are made together: all of them or none, and nobody else's. */
public abstract class TogetherContract extends StoreContract {
    private static final Instant AT = Instant.ofEpochMilli(START);

    private RecordAudit audit(String subject) {
        return new RecordAudit(
                new AuditEntry(ids.next(AuditEntry.PREFIX), AT, "test", "", "webhook.create", subject, "default", ""));
    }

    private CreateSource source(String name) {
        return new CreateSource(new Source(
                new SourceId(ids.next(SourceId.PREFIX)),
                "default",
                name,
                SourceKind.GITHUB,
                "a secret",
                "github",
                SourceScheme.OF_ITS_KIND,
                AT));
    }

    private static Webhook paused(Webhook webhook) {
        return webhook.toBuilder().paused(true).version(webhook.version() + 1).build();
    }

    /** What can stand in the way of a change, and what is then said of it. */
    private enum Obstacle {
        STALE(Clash.Reason.STALE) {
            @Override
            Operation<?> change(TogetherContract test, Webhook known) {
                return new SaveWebhook(paused(known), known.version() + 7);
            }
        },
        GONE(Clash.Reason.GONE) {
            @Override
            Operation<?> change(TogetherContract test, Webhook known) {
                return new DeleteWebhook(test.webhook().build().id(), AT);
            }
        },
        TAKEN_IDENTIFIER(Clash.Reason.TAKEN) {
            @Override
            Operation<?> change(TogetherContract test, Webhook known) {
                return new CreateWebhook(known);
            }
        },
        TAKEN_NAME(Clash.Reason.TAKEN) {
            @Override
            Operation<?> change(TogetherContract test, Webhook known) {
                return test.source("taken");
            }
        };

        private final Clash.Reason reason;

        Obstacle(Clash.Reason reason) {
            this.reason = reason;
        }

        abstract Operation<?> change(TogetherContract test, Webhook known);
    }

    @Test
    void changes_areMadeTogether_andReported() {
        Webhook changed = registered();
        Webhook deleted = registered();
        write(accept(event(deleted)));
        commits.clear();

        var clash = write(new ChangeAll(List.of(
                new CreateWebhook(webhook().build()),
                new SaveWebhook(paused(changed), changed.version()),
                new DeleteWebhook(deleted.id(), AT),
                source("hub"),
                audit("x"))));

        assertThat(clash).isEmpty();
        assertThat(commits)
                .singleElement()
                .satisfies(commit -> assertThat(commit.webhooks())
                        .hasSize(3)
                        .anyMatch(Webhook::isDeleted)
                        .anyMatch(Webhook::paused));
        assertThat(rows("SELECT name FROM sources")).containsExactly("hub");
        assertThat(rows("SELECT count(*) FROM audit")).containsExactly("1");
        assertThat(rows("SELECT pending FROM tenant_totals WHERE tenant = '*'")).containsExactly("0");
    }

    @ParameterizedTest
    @EnumSource
    void changes_ofWhichOneCannotBeMade_areNotMade_andHarmNobodyElse(Obstacle obstacle) {
        Webhook known = registered();
        write(source("taken"));
        List<String> before = rows("SELECT id || version || paused FROM webhooks");
        commits.clear();
        Webhook beside = webhook().build();

        List<Future<?>> written = together(() -> List.of(
                store.write(new ChangeAll(List.of(
                        audit("x"),
                        new CreateWebhook(webhook().build()),
                        new SaveWebhook(paused(known), known.version()),
                        source("hub"),
                        obstacle.change(this, known)))),
                store.write(new CreateWebhook(beside))));

        assertThat(await(written.get(0))).isEqualTo(Optional.of(new Clash(4, obstacle.reason)));
        assertThat(await(written.get(1))).isEqualTo(beside);
        assertThat(rows("SELECT id || version || paused FROM webhooks WHERE id <> '" + beside.id() + "'"))
                .isEqualTo(before);
        assertThat(rows("SELECT name FROM sources")).containsExactly("taken");
        assertThat(rows("SELECT count(*) FROM audit")).containsExactly("0");
        assertThat(commits.stream().flatMap(commit -> commit.webhooks().stream()))
                .containsExactly(beside);
    }

    /** E2: written one by one too, since something else in the batch is at fault. */
    @Test
    void e2_changesBesideAFaultyOperation_areMadeOrNotMade_asEver() {
        Webhook known = registered();
        Webhook unknown = webhook().build();
        Webhook made = webhook().build();

        List<Future<?>> written = together(() -> List.of(
                store.write(accept(event(unknown))),
                store.write(new ChangeAll(List.of(new CreateWebhook(made), new DeleteWebhook(known.id(), AT)))),
                store.write(new ChangeAll(
                        List.of(new CreateWebhook(webhook().build()), new DeleteWebhook(known.id(), AT))))));
        written.forEach(StoreContract::faultOf);

        assertThat(await(written.get(1))).isEqualTo(Optional.empty());
        assertThat(await(written.get(2))).isEqualTo(Optional.of(new Clash(1, Clash.Reason.GONE)));
        assertThat(rows("SELECT id FROM webhooks WHERE deleted_at IS NULL"))
                .containsExactly(made.id().value());
    }

    @Test
    void changes_areBounded_andNotNested() {
        List<Operation<?>> many = new ArrayList<>(
                Stream.generate(() -> audit("x")).limit(Clash.MOST_CHANGES + 1).toList());

        assertThatThrownBy(() -> new ChangeAll(many)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChangeAll(List.of(new ChangeAll(List.of()))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tenThousandWebhooks_areOneCommit() {
        List<Operation<?>> all = new ArrayList<>();
        for (int index = 0; index < 10_000; index++) {
            all.add(new CreateWebhook(webhook().build()));
            all.add(audit("x"));
        }
        commits.clear();

        write(new ChangeAll(all));

        assertThat(commits)
                .singleElement()
                .satisfies(commit -> assertThat(commit.webhooks()).hasSize(10_000));
        assertThat(rows("SELECT count(*) FROM webhooks")).containsExactly("10000");
    }
}
