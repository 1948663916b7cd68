package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.WebhookId;
import io.longline.store.Series;
import io.longline.store.Series.Step;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The route of figures over time, for charts. */
final class SeriesHandler {
    private static final int MOST_STEPS = 500;
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Duration DEFAULT_WINDOW = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    /** How long minutes are kept; before that there are hours alone. */
    private static final Duration MINUTES_KEPT = Duration.ofDays(2);

    private final ApiParts parts;

    SeriesHandler(ApiParts parts) {
        this.parts = parts;
    }

    Future<Response> read(Call call) {
        Duration window = orElse(
                call.query("window", "must be a time such as 15m, 24h or 7d", SeriesHandler::time), DEFAULT_WINDOW);
        Duration step =
                orElse(call.query("step", "must be a time such as 1m or 1h", SeriesHandler::time), fitting(window));
        check(window, step);
        WebhookId webhookId = call.query("webhook_id", "must be a webhook's identifier", WebhookId::parse);
        String tenant = call.tenant();
        long length = step.toMillis();
        Instant to = Instant.ofEpochMilli((Math.floorDiv(parts.now().toEpochMilli(), length) + 1) * length);
        Instant from = to.minusMillis(((window.toMillis() + length - 1) / length) * length);
        Future<?> seen = webhookId == null
                ? Future.succeededFuture()
                : WebhookHandlers.find(parts, call, webhookId).map(webhook -> {
                    if (tenant != null && !tenant.equals(webhook.tenant())) {
                        throw Problem.notFound();
                    }
                    return webhook;
                });
        return seen.compose(ignored -> parts.store().queries().series(webhookId, tenant, from, to, step))
                .map(series -> Response.ok(view(series, from, to, step)));
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private static Optional<Duration> time(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    /** Steps that make a chart of some sixty to two hundred points. */
    private static Duration fitting(Duration window) {
        if (window.compareTo(Duration.ofHours(2)) <= 0) {
            return MINUTE;
        }
        if (window.compareTo(Duration.ofHours(12)) <= 0) {
            return Duration.ofMinutes(5);
        }
        if (window.compareTo(MINUTES_KEPT) <= 0) {
            return Duration.ofMinutes(15);
        }
        return window.compareTo(Duration.ofDays(14)) <= 0 ? HOUR : Duration.ofDays(1);
    }

    private static void check(Duration window, Duration step) {
        if (window.compareTo(MINUTE) < 0) {
            throw Call.badParameter("window", "must be at least a minute");
        }
        if (step.toMillis() % MINUTE.toMillis() != 0) {
            throw Call.badParameter("step", "must be a whole number of minutes");
        }
        if (window.compareTo(MINUTES_KEPT) > 0 && step.toMillis() % HOUR.toMillis() != 0) {
            throw Call.badParameter("step", "must be a whole number of hours for a window of more than 48 hours");
        }
        if (window.toMillis() > step.toMillis() * MOST_STEPS) {
            throw Call.badParameter("step", "must be long enough for at most " + MOST_STEPS + " steps in the window");
        }
    }

    private static ObjectNode view(Series series, Instant from, Instant to, Duration step) {
        ObjectNode json = Json.object();
        json.put("from", Views.time(from));
        json.put("to", Views.time(to));
        json.put("step_s", step.toSeconds());
        ArrayNode data = json.putArray("data");
        Instant since = series.knownSince();
        for (Step each : series.steps()) {
            boolean known = since != null && each.at().plus(step).isAfter(since);
            ObjectNode one = data.addObject().put("at", Views.time(each.at()));
            count(one, "accepted", known, each.accepted());
            count(one, "attempts", known, each.attemptsSucceeded() + each.attemptsFailed());
            count(one, "attempts_failed", known, each.attemptsFailed());
            count(one, "succeeded", known, each.succeeded());
            count(one, "failed", known, each.failed());
            one.put("avg_duration_ms", Views.rounded(each.averageMillis()));
            one.put("p50_duration_ms", Views.rounded(each.p50Millis()));
            one.put("p95_duration_ms", Views.rounded(each.p95Millis()));
            one.put("p99_duration_ms", Views.rounded(each.p99Millis()));
        }
        return json;
    }

    /** Nothing is known of the time before the first figures; that is not none. */
    private static void count(ObjectNode one, String name, boolean known, long count) {
        one.put(name, known ? (Long) count : null);
    }
}
