package io.longline.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import io.longline.model.Payload;
import org.jspecify.annotations.Nullable;

/** A chat service's message: laid out by default or by a template, then cut to what the service takes. */
final class MessageFormat implements Format {
    private final Layout layout;
    private final Fit fit;
    private final Mustache.Escaper escaper;
    private final @Nullable String text;
    private volatile @Nullable Template template;

    /** Lays an event out as a message, however long. */
    interface Layout {
        ObjectNode of(Card card);
    }

    /** Cuts a message to a service's limits, in place where it can. */
    interface Fit {
        ObjectNode fit(ObjectNode message) throws UnrenderableException;
    }

    /** @param escaper what keeps a template's values from breaking out of where they stand */
    MessageFormat(Layout layout, Fit fit, Mustache.Escaper escaper, @Nullable String template) {
        this.layout = layout;
        this.fit = fit;
        this.escaper = escaper;
        this.text = template;
    }

    @Override
    public String contentType() {
        return Formats.JSON;
    }

    @Override
    public Payload render(Payload payload) throws UnrenderableException {
        ObjectNode message = text == null ? layout.of(Card.of(Json.event(payload))) : byTemplate(text, payload);
        return Json.payload(fit.fit(message));
    }

    private ObjectNode byTemplate(String source, Payload payload) throws UnrenderableException {
        Template ready = template;
        if (ready == null) {
            ready = new Template(source, escaper);
            template = ready;
        }
        if (Json.result(ready.render(payload)) instanceof ObjectNode message) {
            return message;
        }
        throw new UnrenderableException("What the template made is no JSON object, which every message is");
    }
}
