package io.longline;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.RunningServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ready is who can read as well as write. */
class ReadinessTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SERVER.storeFile());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void until(int status, String store) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            Answer ready = SERVER.api().get("/health/ready");
            assertThat(ready.status()).isEqualTo(status);
            assertThat(ready.json().path("checks").path("store").asText()).isEqualTo(store);
        });
    }

    @Test
    void storeThatCannotBeRead_isNotReadyUntilItCan() throws SQLException {
        until(200, "up");

        change("ALTER TABLE webhooks RENAME TO hidden");
        until(503, "down");

        change("ALTER TABLE hidden RENAME TO webhooks");
        until(200, "up");
    }
}
