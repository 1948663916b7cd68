package io.longline.adapter;

import io.longline.adapter.Inbound.Challenge;
import io.longline.adapter.Inbound.Occurred;
import io.longline.adapter.Inbound.Unclear;
import io.longline.model.Source;
import org.jspecify.annotations.Nullable;

/** Where each kind of third party tells what happened. */
public final class Providers {
    /** The event of a call that names none, after the source's prefix. */
    private static final String UNNAMED = "received";

    private Providers() {}

    /** What a verified call means. */
    public static Inbound read(Source source, InboundCall call) {
        return switch (source.kind()) {
            case GITHUB -> github(source, call);
            case GITLAB ->
                named(
                        source,
                        call.header("X-Gitlab-Event"),
                        "the header X-Gitlab-Event",
                        first(call.header("Idempotency-Key"), call.header("X-Gitlab-Event-UUID")));
            case STRIPE -> named(source, call.text("type"), "type", call.text("id"));
            case SHOPIFY ->
                named(
                        source,
                        call.header("X-Shopify-Topic"),
                        "the header X-Shopify-Topic",
                        call.header("X-Shopify-Webhook-Id"));
            case SLACK -> slack(source, call);
            case STANDARD -> occurred(source, bodysName(call), call.header("webhook-id"));
            case HMAC, TOKEN -> own(source, call);
        };
    }

    private static Inbound github(Source source, InboundCall call) {
        String event = call.header("X-GitHub-Event");
        String action = call.text("action");
        return named(
                source,
                event == null ? null : gitHubEvent(event, action),
                "the header X-GitHub-Event",
                call.header("X-GitHub-Delivery"));
    }

    /** What GitHub's event is called here, after the prefix. */
    public static String gitHubEvent(String event, @Nullable String action) {
        return action == null || action.isEmpty() ? event : event + "." + action;
    }

    /** Commands and clicks come as forms, for which the signature stands where Slack gives no identifier. */
    private static Inbound slack(Source source, InboundCall call) {
        String type = call.text("type");
        String challenge = call.text("challenge");
        if ("url_verification".equals(type) && challenge != null) {
            return new Challenge(challenge);
        }
        boolean isCommand = type == null && call.text("command") != null;
        String event = isCommand ? "command" : "event_callback".equals(type) ? call.text("event.type") : type;
        String id = first(call.text("event_id"), first(call.text("trigger_id"), call.header("X-Slack-Signature")));
        return event == null || event.isEmpty()
                ? new Unclear("type")
                : new Occurred(prefixed(source, event), id, call.isForm());
    }

    private static Inbound own(Source source, InboundCall call) {
        String eventHeader = source.scheme().eventHeader();
        String idHeader = source.scheme().idHeader();
        String id = idHeader == null ? null : call.header(idHeader);
        return eventHeader == null
                ? occurred(source, bodysName(call), id)
                : named(source, call.header(eventHeader), "the header " + eventHeader, id);
    }

    /** Where bodies without a rule of their own mostly name the event. */
    private static String bodysName(InboundCall call) {
        String name = first(call.text("type"), call.text("event"));
        return name == null ? UNNAMED : name;
    }

    private static Inbound named(Source source, @Nullable String event, String whereItStands, @Nullable String callId) {
        return event == null || event.isEmpty() ? new Unclear(whereItStands) : occurred(source, event, callId);
    }

    private static Inbound occurred(Source source, String event, @Nullable String callId) {
        return new Occurred(prefixed(source, event), callId, false);
    }

    private static String prefixed(Source source, String event) {
        return source.eventPrefix() + "." + event;
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null || one.isEmpty() ? other : one;
    }
}
