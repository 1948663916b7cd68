package io.longline.format;

import io.longline.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a webhook's own template makes: JSON, unless the webhook's {@code Content-Type} says otherwise. */
final class TemplateFormat implements Format {
    private final String text;
    private final String mediaType;
    private volatile @Nullable Template template;

    TemplateFormat(String text, Map<String, String> headers) {
        this.text = text;
        this.mediaType = Escapes.mediaType(headers);
    }

    @Override
    public String contentType() {
        return mediaType;
    }

    @Override
    public Payload render(Payload payload) throws UnrenderableException {
        Template ready = template;
        if (ready == null) {
            ready = new Template(text, Escapes.of(mediaType));
            template = ready;
        }
        String made = ready.render(payload);
        if (Escapes.isJson(mediaType)) {
            // Sent as it was written, once it is known to be JSON.
            Json.result(made);
        }
        return Payload.of(made.getBytes(StandardCharsets.UTF_8));
    }
}
