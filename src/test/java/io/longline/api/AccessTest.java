package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.config.SettingsLoader;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** S11: every route has a scope in one table; this is that table once more, and each of its lines tried with each key. */
class AccessTest {
    private static final Set<String> OPEN = Set.of(
            "GET /health/live",
            "GET /health/ready",
            "GET /openapi.json",
            "GET /openapi.yaml",
            "POST /api/session",
            "GET /_receiver",
            "DELETE /_receiver",
            "POST /_receiver",
            "POST /_receiver/{name}");
    private static final Set<String> OPERATOR = Set.of("GET /api/settings");
    private static final Set<String> SIGNED = Set.of("POST /in/{name}");
    private static final Set<String> ANY_KEY = Set.of("GET /api/session", "DELETE /api/session");
    private static final Set<String> PUBLISH = Set.of("POST /api/events/trigger", "POST /api/events/batch");
    private static final Set<String> READ = Set.of(
            "GET /api/webhooks",
            "GET /api/webhooks/{id}",
            "GET /api/webhooks/{id}/stats",
            "GET /api/events",
            "GET /api/events/recent",
            "GET /api/events/{id}",
            "GET /api/event-types/{name}",
            "GET /api/asyncapi",
            "GET /api/deliveries",
            "GET /api/deliveries/{id}",
            "GET /api/replays",
            "GET /api/replays/{id}",
            "GET /api/sources",
            "GET /api/sources/{id}",
            "GET /api/stats",
            "GET /api/stats/series",
            "GET /api/stream");

    private static final Set<String> READ_ALL = Set.of("GET /metrics");

    private static final Map<String, String> KEYS =
            Map.of("admin", "llk_admin", "read", "llk_read", "publish", "llk_publish", "tenant:acme", "llk_tenant");

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with("auth.mode", "keys", "auth.keys", configured());

    private static String configured() {
        return String.join(
                ",",
                KEYS.entrySet().stream()
                        .map(key -> key.getKey() + "=" + KeySecret.hashText(key.getValue()))
                        .toList());
    }

    private static List<Route> routes() {
        Vertx vertx = Vertx.vertx();
        var settings = SettingsLoader.load(Map.of(), Map.of(), null).settings();
        try {
            return Routes.of(new ApiParts(
                    vertx, null, settings, null, null, null, null, null, null, null, null, null, null, null, null, "",
                    0));
        } finally {
            RunningServer.await(vertx.close());
        }
    }

    private static String name(Route route) {
        return route.method() + " " + route.path();
    }

    private static Access expected(String route) {
        if (READ_ALL.contains(route)) {
            return Access.READ_ALL;
        }
        return SIGNED.contains(route)
                ? Access.SIGNED
                : OPEN.contains(route)
                        ? Access.OPEN
                        : ANY_KEY.contains(route)
                                ? Access.ANY_KEY
                                : OPERATOR.contains(route)
                                        ? Access.OPERATOR
                                        : PUBLISH.contains(route)
                                                ? Access.PUBLISH
                                                : READ.contains(route) ? Access.READ : Access.ADMIN;
    }

    @Test
    void everyRoute_hasTheAccessPinnedHere() {
        List<Route> routes = routes();

        assertThat(routes)
                .hasSizeGreaterThan(25)
                .allSatisfy(route -> assertThat(route.access()).as(name(route)).isEqualTo(expected(name(route))));
        Set<String> pinned = new TreeSet<>(OPEN);
        pinned.addAll(SIGNED);
        pinned.addAll(ANY_KEY);
        pinned.addAll(PUBLISH);
        pinned.addAll(READ);
        pinned.addAll(READ_ALL);
        pinned.addAll(OPERATOR);
        assertThat(routes.stream().map(AccessTest::name)).containsAll(pinned);
    }

    @Test
    void contract_saysWhatEachRouteNeeds() {
        ContractDriver driver = new ContractDriver(SERVER.api());

        assertThat(routes())
                .allSatisfy(route -> assertThat(
                                driver.operation(name(route)).path("x-scope").asText())
                        .as(name(route))
                        .isEqualTo(
                                switch (route.access()) {
                                    case OPEN -> "none";
                                    case SIGNED -> "signature";
                                    case ANY_KEY -> "any";
                                    case OPERATOR -> "operator";
                                    default -> route.access().scopeText();
                                }));
    }

    @Test
    void everyRoute_isOpenToWhomItShouldBe_andToNobodyElse() {
        ContractDriver driver = new ContractDriver(SERVER.api());
        for (Route route : routes()) {
            String name = name(route);
            String path = route.path().replaceAll("\\{[a-z]+}", "nothing");
            if (route.access() != Access.OPEN) {
                driver.call(401, name, path);
            }
            KEYS.forEach((scope, key) -> {
                Answer answer = call(SERVER.api().as(key), route, path);
                boolean open = switch (route.access()) {
                    case OPEN, ANY_KEY -> true;
                    case SIGNED -> false;
                    case PUBLISH -> !scope.equals("read");
                    case READ -> !scope.equals("publish");
                    case READ_ALL -> scope.equals("read") || scope.equals("admin");
                    case ADMIN -> scope.equals("admin") || scope.equals("tenant:acme");
                    case OPERATOR -> scope.equals("admin");
                };
                if (open) {
                    assertThat(answer.status())
                            .as(name + " with " + scope)
                            .isNotIn(401, 403)
                            .isLessThan(500);
                } else {
                    assertThat(answer.status())
                            .as(name + " with " + scope)
                            .isEqualTo(route.access() == Access.SIGNED ? 401 : 403);
                }
            });
        }
    }

    private static Answer call(Api api, Route route, String path) {
        byte[] body = route.body() == null ? null : "[]".getBytes(StandardCharsets.UTF_8);
        return body == null
                ? api.send(route.method().name(), path, null)
                : api.send(route.method().name(), path, body, "Content-Type", "application/json");
    }
}
