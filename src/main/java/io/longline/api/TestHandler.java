package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.Reply;
import io.longline.bus.Request.SendTest;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.model.WebhookFormat;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import io.longline.security.Destination;
import io.longline.security.DestinationRules;
import io.longline.security.WebhookSecret;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends one request now, to a URL or as a webhook would, and shows both sides of it. Nothing is stored. */
final class TestHandler {
    private static final byte[] USUAL_DATA = "{\"test\":true}".getBytes(StandardCharsets.US_ASCII);

    private final ApiParts parts;
    private final DestinationRules rules;

    TestHandler(ApiParts parts) {
        this.parts = parts;
        this.rules = parts.settings().delivery().rules();
    }

    /** What the body says; what it leaves out comes from the webhook, where one is named. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Form(
            @Nullable String url,
            @Nullable WebhookId webhookId,
            String event,
            byte[] data,
            boolean saysSecret,
            @Nullable String secret,
            @Nullable Map<String, String> headers,
            @Nullable Duration timeout,
            boolean saysFormat,
            FormatChoice format) {}

    Future<Response> send(Call call) {
        Form form = read(call.body());
        return test(call, form)
                .compose(test -> audit(call, test).map(noted -> test))
                .compose(parts::sendTest)
                .map(reply -> {
                    if (reply instanceof Reply.TestSent sent) {
                        return Response.ok(view(sent));
                    }
                    throw Problem.unavailable("Too many tests are under way; try again shortly");
                });
    }

    private Form read(byte[] body) {
        // The data is carried as it was sent; everything else is read from the tree.
        RawObject raw = RawObject.parse(body);
        Faults faults = new Faults();
        Fields fields = Fields.of(Json.read(body), faults);
        String url = fields.text("url", Destination.MAX_LENGTH);
        if (url != null) {
            faults.add("/url", WebhookForm.urlFault(url, rules));
        }
        String id = fields.text("webhook_id", 100);
        Optional<WebhookId> webhookId = id == null ? Optional.empty() : WebhookId.parse(id);
        if (id != null && webhookId.isEmpty()) {
            faults.add("/webhook_id", "names no webhook");
        }
        if ((fields.get("url") == null) == (fields.get("webhook_id") == null)) {
            faults.add("", "must have either url or webhook_id");
        }
        String event = fields.text("event", 1_000);
        if (event != null) {
            faults.add("/event", EventPattern.nameFault(event));
        }
        fields.get("data");
        RawObject.Value data = raw.getEvenNull("data");
        boolean saysSecret = fields.has("secret");
        String secret = fields.text("secret", 1_000);
        if (secret != null) {
            faults.add("/secret", WebhookSecret.fault(secret));
        }
        JsonNode given = fields.get("headers");
        Map<String, String> headers = WebhookForm.headers(fields, "headers", faults);
        Duration timeout = WebhookForm.timeout(fields);
        boolean saysFormat = fields.has("format") || fields.has("template");
        FormatChoice format = FormatChoice.of(fields, WebhookFormat.STANDARD, faults);
        fields.refuseOthers();
        faults.refuseIfAny();
        return new Form(
                url,
                webhookId.orElse(null),
                event == null ? "test.ping" : event,
                data == null ? USUAL_DATA : data.bytes(),
                saysSecret,
                secret,
                given == null ? null : headers,
                timeout,
                saysFormat,
                format);
    }

    /** Where a test goes is part of what was done; the rest of the URL may hold a secret. */
    private Future<Void> audit(Call call, SendTest test) {
        WebhookId id = test.webhookId();
        String subject = id == null ? "" : id.value();
        String tenant = call.caller().tenantOrAll();
        return parts.audit(
                call,
                "webhook.test",
                subject,
                tenant,
                Destination.of(test.url()).hostInUrl());
    }

    private Future<SendTest> test(Call call, Form form) {
        if (form.webhookId == null) {
            return Future.succeededFuture(new SendTest(
                    String.valueOf(form.url),
                    SigningSecrets.of(form.secret),
                    form.headers == null ? Map.of() : form.headers,
                    form.timeout == null ? Duration.ofSeconds(30) : form.timeout,
                    form.event,
                    null,
                    form.format.format(),
                    form.format.template(),
                    null,
                    call.caller().tenantFor(null),
                    form.data));
        }
        return parts.store().queries().webhook(form.webhookId).map(found -> {
            Webhook webhook = found.filter(each -> call.caller().sees(each.tenant()))
                    .orElseThrow(() -> Problem.invalid("/webhook_id", "names no webhook"));
            return new SendTest(
                    webhook.url(),
                    form.saysSecret ? SigningSecrets.of(form.secret) : webhook.secrets(),
                    form.headers == null ? webhook.headers() : form.headers,
                    form.timeout == null ? webhook.timeout() : form.timeout,
                    form.event,
                    webhook.id(),
                    form.saysFormat ? form.format.format() : webhook.format(),
                    form.saysFormat ? form.format.template() : webhook.template(),
                    form.saysFormat ? null : webhook.transform(),
                    webhook.tenant(),
                    form.data);
        });
    }

    private static ObjectNode view(Reply.TestSent sent) {
        ObjectNode json = Json.object();
        json.put("success", sent.success());
        json.put("response_code", sent.responseCode());
        json.put("duration_ms", Views.rounded(sent.durationMillis()));
        json.set("response_headers", Views.texts(sent.responseHeaders()));
        json.put("response_body", sent.responseBody());
        json.put("error_message", sent.errorMessage());
        ObjectNode request = json.putObject("request");
        request.put("url", sent.url());
        request.set("headers", Views.texts(sent.requestHeaders()));
        request.put("body", sent.requestBody());
        return json;
    }
}
