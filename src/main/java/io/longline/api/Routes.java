package io.longline.api;

import static io.longline.api.Access.ADMIN;
import static io.longline.api.Access.ANY_KEY;
import static io.longline.api.Access.OPEN;
import static io.longline.api.Access.OPERATOR;
import static io.longline.api.Access.PUBLISH;
import static io.longline.api.Access.READ;
import static io.longline.api.Access.READ_ALL;
import static io.longline.api.Access.SIGNED;
import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.longline.api.Body.Media;
import io.longline.catalogue.EventTypeDocument;
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
    private static final Set<String> TENANT = Set.of("tenant");
    private static final Set<String> TYPE_LIST = Set.of("limit", "cursor", "tenant", "archived");
    private static final Set<String> TYPE_IMPORT = Set.of("tenant", "dry_run");
    private static final Set<String> INTAKE = Set.of("tenant");
    private static final Set<String> SOURCE_LIST = Set.of("limit", "cursor", "tenant");
    private static final Set<String> WEBHOOK_LIST = Set.of("limit", "cursor", "tenant", "active", "event", "q");
    private static final Set<String> EVENT_LIST = Set.of("limit", "cursor", "tenant", "event", "since", "until");
    private static final Set<String> AUDIT_LIST =
            Set.of("limit", "cursor", "actor", "action", "subject", "tenant", "since", "until");
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

    private static final Set<String> SERIES = Set.of("window", "step", "webhook_id", "tenant");
    private static final Set<String> IMPORT = Set.of("format", "dry_run", "tenant", "disabled");
    private static final Set<String> EXPORT = Set.of("with_secrets", "tenant");
    private static final int SHARE_OF_MEMORY = 16;
    private static final int LARGEST_APPLY = 16 * 1_048_576;
    private static final Set<String> COMPARISON = Set.of("pair_by", "since", "until");
    private static final Set<String> RECEIVER = Set.of("status", "delay_ms");
    private static final Set<String> STREAM =
            Set.of("status", "webhook_id", "event", "event_id", "tenant", "since", "until", "response_code");

    private final List<Route> routes = new ArrayList<>();

    private Routes() {}

    static List<Route> of(ApiParts parts) {
        Routes table = new Routes();
        Settings settings = parts.settings();
        Body json = new Body(settings.server().maxBodyBytes(), Media.JSON, true);
        Body optional = new Body(settings.server().maxBodyBytes(), Media.JSON, false);
        Body any = new Body(settings.server().maxBodyBytes(), Media.ANY, true);
        Body event = new Body(settings.server().maxBodyBytes(), Media.EVENT, true);
        Body batch = new Body(settings.ingest().maxBatchBytes(), Media.JSON_OR_LINES, true);

        Body sent = new Body(
                Math.min(settings.ingest().maxBatchBytes(), SentRequests.MOST_BYTES), Media.JSON_OR_LINES, true);

        // First, since the router tries one after the other, and nearly all calls are for these.
        EventHandlers events = new EventHandlers(parts);
        table.add(POST, "/api/events/trigger", PUBLISH, event, INTAKE, events::trigger);
        table.add(POST, "/api/events/batch", PUBLISH, batch, INTAKE, events::batch);

        WebhookHandlers webhooks = new WebhookHandlers(parts);
        table.add(POST, "/api/webhooks", ADMIN, json, NONE, webhooks::create);
        table.add(GET, "/api/webhooks", READ, null, WEBHOOK_LIST, webhooks::list);
        TestHandler test = new TestHandler(parts);
        table.add(POST, "/api/webhooks/test", ADMIN, json, NONE, test::send);
        table.add(POST, "/api/webhooks/preview", ADMIN, json, NONE, new PreviewHandler(parts)::preview);
        table.add(GET, "/api/webhooks/{id}", READ, null, Set.of("pending"), webhooks::get);
        table.add(PATCH, "/api/webhooks/{id}", ADMIN, json, NONE, webhooks::patch);
        table.add(DELETE, "/api/webhooks/{id}", ADMIN, null, NONE, webhooks::delete);
        table.add(GET, "/api/webhooks/{id}/stats", READ, null, NONE, webhooks::statistics);
        table.add(POST, "/api/webhooks/{id}/compare", ADMIN, sent, COMPARISON, new CompareHandler(parts)::compare);
        SecretHandlers secrets = new SecretHandlers(parts);
        table.add(GET, "/api/webhooks/{id}/secret", ADMIN, null, NONE, secrets::get);
        table.add(POST, "/api/webhooks/{id}/secret/rotate", ADMIN, optional, NONE, secrets::rotate);

        table.add(GET, "/api/events/recent", READ, null, EVENT_LIST, events::recent);
        EventTypeHandlers types = new EventTypeHandlers(parts);
        table.add(GET, "/api/events", READ, null, TYPE_LIST, types::list);
        table.add(GET, "/api/event-types/{name}", READ, null, TENANT, types::get);
        EventTypeChanges typeChanges = new EventTypeChanges(parts);
        table.add(PUT, "/api/event-types/{name}", ADMIN, json, NONE, typeChanges::put);
        table.add(DELETE, "/api/event-types/{name}", ADMIN, null, TENANT, typeChanges::archive);
        CatalogueHandlers catalogue = new CatalogueHandlers(parts);
        Body document = new Body(
                Math.min(settings.ingest().maxBatchBytes(), EventTypeDocument.MOST_BYTES), Media.JSON_OR_YAML, true);
        table.add(POST, "/api/event-types/import", ADMIN, document, TYPE_IMPORT, catalogue::importTypes);
        table.add(GET, "/api/asyncapi", READ, null, TENANT, catalogue::asyncApi);
        table.add(GET, "/api/events/{id}", READ, null, NONE, events::get);
        table.add(POST, "/api/events/{id}/replay", ADMIN, optional, NONE, events::replay);

        DeliveryHandlers deliveries = new DeliveryHandlers(parts);
        table.add(GET, "/api/deliveries", READ, null, DELIVERY_LIST, deliveries::list);
        table.add(GET, "/api/deliveries/{id}", READ, null, NONE, deliveries::get);
        table.add(POST, "/api/deliveries/{id}/retry", ADMIN, optional, NONE, deliveries::retry);
        table.add(POST, "/api/deliveries/{id}/cancel", ADMIN, optional, NONE, deliveries::cancel);

        ReplayHandlers replays = new ReplayHandlers(parts);
        table.add(POST, "/api/replays", ADMIN, json, NONE, replays::create);
        table.add(GET, "/api/replays", READ, null, SOURCE_LIST, replays::list);
        table.add(GET, "/api/replays/{id}", READ, null, NONE, replays::get);
        table.add(DELETE, "/api/replays/{id}", ADMIN, null, NONE, replays::cancel);

        SourceHandlers sources = new SourceHandlers(parts);
        table.add(POST, "/api/sources", ADMIN, json, NONE, sources::create);
        table.add(GET, "/api/sources", READ, null, SOURCE_LIST, sources::list);
        table.add(GET, "/api/sources/{id}", READ, null, NONE, sources::get);
        table.add(DELETE, "/api/sources/{id}", ADMIN, null, NONE, sources::delete);
        table.add(POST, "/in/{name}", SIGNED, any, NONE, new InboundHandler(parts)::receive);

        ImportHandlers imports = new ImportHandlers(parts);
        Body file = new Body(largestFile(settings), Media.TABLE, true);
        Body lines = new Body(largestFile(settings), Media.JSON_OR_LINES, true);
        Body wanted = new Body(Math.min(largestFile(settings), LARGEST_APPLY), Media.JSON, true);
        table.add(POST, "/api/import", ADMIN, file, IMPORT, imports::importFile);
        table.add(POST, "/api/import/history", ADMIN, lines, NONE, new HistoryHandler(parts)::take);
        table.add(POST, "/api/apply", ADMIN, wanted, NONE, imports::apply);
        table.add(GET, "/api/export", ADMIN, null, EXPORT, new ExportHandler(parts)::export);

        KeyHandlers keys = new KeyHandlers(parts);
        table.add(POST, "/api/keys", ADMIN, json, NONE, keys::create);
        table.add(GET, "/api/keys", ADMIN, null, PAGE, keys::list);
        table.add(DELETE, "/api/keys/{id}", ADMIN, null, NONE, keys::revoke);
        SessionHandlers session = new SessionHandlers(parts);
        table.add(POST, "/api/session", OPEN, json, NONE, session::signIn);
        table.add(GET, "/api/session", ANY_KEY, null, NONE, session::get);
        table.add(DELETE, "/api/session", ANY_KEY, null, NONE, session::signOut);
        AuditHandlers audit = new AuditHandlers(parts);
        table.add(GET, "/api/audit", ADMIN, null, AUDIT_LIST, audit::list);

        table.add(GET, "/api/stats/series", READ, null, SERIES, new SeriesHandler(parts)::read);
        table.add(GET, "/api/stream", READ, null, STREAM, new StreamHandler(parts)::stream);

        ServerHandlers server = new ServerHandlers(parts);
        table.add(GET, "/api/stats", READ, null, TENANT, server::statistics);
        table.add(GET, "/metrics", READ_ALL, null, NONE, new MetricsHandler(parts)::scrape);
        table.add(GET, "/api/settings", OPERATOR, null, NONE, new SettingsHandler(parts)::read);
        ReceiverHandlers receiver = new ReceiverHandlers(parts);
        table.add(POST, "/_receiver", OPEN, any, RECEIVER, receiver::receive);
        table.add(POST, "/_receiver/{name}", OPEN, any, RECEIVER, receiver::receive);
        table.add(GET, "/_receiver", OPEN, null, NONE, receiver::list);
        table.add(DELETE, "/_receiver", OPEN, null, NONE, receiver::clear);
        table.add(GET, "/health/live", OPEN, null, NONE, server::live);
        table.add(GET, "/health/ready", OPEN, null, NONE, server::ready);
        table.add(GET, "/openapi.json", OPEN, null, NONE, server::openApiJson);
        table.add(GET, "/openapi.yaml", OPEN, null, NONE, server::openApiYaml);
        return table.routes;
    }

    /** A file is in memory several times over while it is checked and compared; it must not take the server down. */
    private static int largestFile(Settings settings) {
        long share = Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY;
        return (int) Math.min(settings.ingest().maxBatchBytes(), share);
    }

    private void add(
            HttpMethod method,
            String path,
            Access access,
            @Nullable Body body,
            Set<String> queries,
            Endpoint endpoint) {
        routes.add(new Route(method, path, access, body, queries, endpoint));
    }
}
