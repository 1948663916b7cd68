package io.longline.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;

import io.longline.api.Body.Media;
import io.longline.config.Settings;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every route of the API, in one table. */
final class Routes {
    private static final Set<String> NONE = Set.of();
    private static final Set<String> PAGE = Set.of("limit", "cursor");
    private static final Set<String> WEBHOOK_LIST = Set.of("limit", "cursor", "tenant", "active", "event", "q");
    private static final Set<String> EVENT_LIST = Set.of("limit", "cursor", "tenant", "event", "since", "until");
    private static final Set<String> DELIVERY_LIST = Set.of(
            "limit",
            "cursor",
            "status",
            "webhook_id",
            "event",
            "event_id",
            "tenant",
            "since",
            "until",
            "response_code");

    private final List<Route> routes = new ArrayList<>();

    private Routes() {}

    static List<Route> of(ApiParts parts) {
        Routes table = new Routes();
        Settings settings = parts.settings();
        Body json = new Body(settings.server().maxBodyBytes(), Media.JSON, true);
        Body optional = new Body(settings.server().maxBodyBytes(), Media.JSON, false);
        Body batch = new Body(settings.ingest().maxBatchBytes(), Media.JSON_OR_LINES, true);

        WebhookHandlers webhooks = new WebhookHandlers(parts);
        table.add(POST, "/api/webhooks", json, NONE, webhooks::create);
        table.add(GET, "/api/webhooks", null, WEBHOOK_LIST, webhooks::list);
        TestHandler test = new TestHandler(parts);
        table.add(POST, "/api/webhooks/test", json, NONE, test::send);
        table.add(GET, "/api/webhooks/{id}", null, Set.of("pending"), webhooks::get);
        table.add(PATCH, "/api/webhooks/{id}", json, NONE, webhooks::patch);
        table.add(DELETE, "/api/webhooks/{id}", null, NONE, webhooks::delete);
        table.add(GET, "/api/webhooks/{id}/stats", null, NONE, webhooks::statistics);
        SecretHandlers secrets = new SecretHandlers(parts);
        table.add(GET, "/api/webhooks/{id}/secret", null, NONE, secrets::get);
        table.add(POST, "/api/webhooks/{id}/secret/rotate", optional, NONE, secrets::rotate);

        EventHandlers events = new EventHandlers(parts);
        table.add(POST, "/api/events/trigger", json, NONE, events::trigger);
        table.add(POST, "/api/events/batch", batch, NONE, events::batch);
        table.add(GET, "/api/events/recent", null, EVENT_LIST, events::recent);
        EventTypeHandlers types = new EventTypeHandlers(parts);
        table.add(GET, "/api/events", null, PAGE, types::list);
        table.add(GET, "/api/event-types/{name}", null, NONE, types::get);
        table.add(GET, "/api/events/{id}", null, NONE, events::get);
        table.add(POST, "/api/events/{id}/replay", optional, NONE, events::replay);

        DeliveryHandlers deliveries = new DeliveryHandlers(parts);
        table.add(GET, "/api/deliveries", null, DELIVERY_LIST, deliveries::list);
        table.add(GET, "/api/deliveries/{id}", null, NONE, deliveries::get);
        table.add(POST, "/api/deliveries/{id}/retry", optional, NONE, deliveries::retry);
        table.add(POST, "/api/deliveries/{id}/cancel", optional, NONE, deliveries::cancel);

        ServerHandlers server = new ServerHandlers(parts);
        table.add(GET, "/api/stats", null, Set.of("tenant"), server::statistics);
        table.add(GET, "/health/live", null, NONE, server::live);
        table.add(GET, "/health/ready", null, NONE, server::ready);
        table.add(GET, "/openapi.json", null, NONE, server::openApiJson);
        table.add(GET, "/openapi.yaml", null, NONE, server::openApiYaml);
        return table.routes;
    }

    private void add(HttpMethod method, String path, @Nullable Body body, Set<String> queries, Endpoint endpoint) {
        routes.add(new Route(method, path, body, queries, endpoint));
    }
}
