package io.longline.format;

import io.longline.expression.EventVariable;
import io.longline.expression.ExpressionException;
import io.longline.expression.Transform;
import io.longline.model.Payload;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a webhook's own expression makes of an event. It is compiled when it is first needed, and once. */
final class TransformFormat implements Format {
    private final String source;
    private final String tenant;
    private final LongSupplier monotonicNanos;
    private volatile @Nullable Transform compiled;

    TransformFormat(String source, String tenant, LongSupplier monotonicNanos) {
        this.source = source;
        this.tenant = tenant;
        this.monotonicNanos = monotonicNanos;
    }

    @Override
    public String contentType() {
        return Formats.JSON;
    }

    @Override
    public Payload render(Payload payload) throws UnrenderableException {
        try {
            Transform transform = compiled;
            if (transform == null) {
                transform = Transform.compile(source);
                compiled = transform;
            }
            return transform.apply(EventVariable.of(payload, tenant), monotonicNanos);
        } catch (ExpressionException fault) {
            throw new UnrenderableException("The transform: " + fault.getMessage());
        }
    }
}
