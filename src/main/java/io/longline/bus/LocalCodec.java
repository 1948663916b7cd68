package io.longline.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands immutable messages over on one node as they are, without copying. */
public final class LocalCodec implements MessageCodec<LocalMessage, LocalMessage> {
    private static final String NAME = "longline.local";

    private LocalCodec() {}

    /** Registers the codec, and chooses it for every {@link LocalMessage}, whatever its class. */
    public static void register(Vertx vertx) {
        try {
            vertx.eventBus().registerCodec(new LocalCodec());
        } catch (IllegalStateException registeredBefore) {
            // An earlier Longline on this Vert.x has left it.
        }
        vertx.eventBus().codecSelector(body -> body instanceof LocalMessage ? NAME : null);
    }

    @Override
    public void encodeToWire(Buffer buffer, LocalMessage message) {
        throw new UnsupportedOperationException("messages of this kind stay on their node");
    }

    @Override
    public LocalMessage decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("messages of this kind stay on their node");
    }

    @Override
    public LocalMessage transform(LocalMessage message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
