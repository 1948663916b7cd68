package io.longline.api;

import io.longline.format.Template;
import io.longline.model.WebhookFormat;
import org.jspecify.annotations.Nullable;

/** What a body says of what requests are to look like. */
record FormatChoice(WebhookFormat format, @Nullable String template) {
    private static final int LONGEST_WORD = 100;

    /**
     * Reads {@code format} and {@code template}, which must go together.
     *
     * @param fallback the format when the body names none
     */
    static FormatChoice of(Fields fields, WebhookFormat fallback, Faults faults) {
        String word = fields.text("format", LONGEST_WORD);
        WebhookFormat named =
                word == null ? fallback : WebhookFormat.parse(word).orElse(null);
        String template = fields.text("template", Template.LONGEST);
        if (named == null) {
            faults.add("/format", "must be one of " + String.join(", ", WebhookFormat.texts()));
        } else if (template != null && !named.takesTemplate()) {
            faults.add("/template", "must be null for the format " + named.text());
        } else if (template != null) {
            faults.add("/template", Template.fault(template));
        } else if (named == WebhookFormat.TEMPLATE && fields.get("template") == null) {
            faults.add("/template", "is required for the format template");
        }
        return new FormatChoice(named == null ? fallback : named, template);
    }
}
