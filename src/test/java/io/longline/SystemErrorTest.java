package io.longline;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever subscribes to {@code system.error} hears of a failure inside the server, wherever it is. */
class SystemErrorTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    private static void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SERVER.storeFile());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** From now on the store refuses rows of a table. */
    private static void refuse(String table, String which) throws SQLException {
        change("CREATE TRIGGER refusing BEFORE INSERT ON " + table + " WHEN " + which
                + " BEGIN SELECT RAISE(ABORT, 'refused'); END");
    }

    private static List<String> heard(int count) {
        return RECEIVER.await("/errors", count).stream()
                .map(received -> new JsonObject(received.text()).getJsonObject("data"))
                .map(data -> data.getString("where") + ": " + data.getString("what"))
                .toList();
    }

    @Test
    void failures_areToldOnceForEachPlace() throws Exception {
        api().register(RECEIVER.url("/errors"), "system.error");
        String other = api().register(RECEIVER.url("/other"), "other").id();

        refuse("audit", "1");
        int first = api().get("/api/webhooks/" + other + "/secret").status();
        int second = api().get("/api/webhooks/" + other + "/secret").status();
        change("DROP TRIGGER refusing");
        List<String> ofTheApi = heard(1);
        refuse("webhooks", "1");
        String body = "{\"url\":\"" + RECEIVER.url("/") + "\",\"events\":[\"*\"]}";
        int third = api().post("/api/webhooks", body).status();
        int fourth = api().post("/api/webhooks", body).status();
        change("DROP TRIGGER refusing");
        List<String> ofTheDispatcher = heard(2);
        refuse("delivery_attempts", "NEW.webhook_id = '" + other + "'");
        api().trigger("other");
        List<String> ofTheStore = heard(3);
        change("DROP TRIGGER refusing");

        assertThat(List.of(first, second, third, fourth)).containsOnly(500);
        assertThat(ofTheApi).containsExactly("api: a call was answered 500");
        assertThat(ofTheDispatcher)
                .endsWith("dispatcher: a request was refused")
                .hasSize(2);
        assertThat(ofTheStore)
                .endsWith("store: the result of an attempt was refused")
                .hasSize(3);
    }
}
