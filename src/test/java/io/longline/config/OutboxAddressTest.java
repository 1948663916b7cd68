package io.longline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxAddressTest {
    @Test
    void address_ofPostgresIsReadInAllItsParts() {
        assertThat(OutboxAddress.parse("postgresql://ann:p%40ss+1@[::1]:6543/shop?sslmode=require&currentSchema=a%2Cb"))
                .contains(new OutboxAddress.Postgres(
                        "[::1]", 6_543, "shop", "ann", "p@ss+1", Map.of("sslmode", "require", "currentSchema", "a,b")));
        assertThat(OutboxAddress.parse("postgres://db/shop"))
                .contains(new OutboxAddress.Postgres("db", 5_432, "shop", null, null, Map.of()));
    }

    @Test
    void address_ofSqliteIsAFile() {
        assertThat(OutboxAddress.parse("sqlite:/data/shop.db"))
                .contains(new OutboxAddress.Sqlite(Path.of("/data/shop.db")));
    }

    @Test
    void password_isNeverShown() {
        assertThat(OutboxAddress.parse("postgresql://ann:hidden@db/shop").orElseThrow())
                .hasToString("postgresql://db:5432/shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:",
                "postgresql://db",
                "postgresql://db/",
                "postgresql:///shop",
                "postgresql://db/a/b",
                "postgresql://d b/shop",
                "postgresql://ann:hidden%zz@db/shop",
                "mysql://db/shop",
                "shop.db"
            })
    void address_ofAnythingElse_isAFaultThatRepeatsNothingOfIt(String url) {
        SettingsLoader.Loaded loaded = SettingsLoader.load(Map.of("outbox.url", url), Map.of(), null);

        assertThat(loaded.faults())
                .containsExactly("outbox.url must be none, sqlite:PATH, or postgresql://USER:PASSWORD@HOST/DATABASE");
    }

    @Test
    void ownStore_andNamesThatAreNone_areFaults() {
        SettingsLoader.Loaded loaded = SettingsLoader.load(
                Map.of("outbox.url", "sqlite:longline.db", "outbox.table", "a; DROP TABLE b"), Map.of(), null);

        assertThat(loaded.faults())
                .containsExactly(
                        "outbox.url must name the application's database, not Longline's own store",
                        "outbox.table must be a table's name, or a schema's and a table's with a dot between,"
                                + " not \"a; DROP TABLE b\"");
    }
}
