package io.longline.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server, and cuts or mutes their connections. Safe for use by several threads. */
public final class CuttingProxy implements AutoCloseable {
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final Set<NetSocket> mute = ConcurrentHashMap.newKeySet();
    private final NetServer server;
    private final NetClient client;
    private volatile boolean cut;
    private volatile String from = "";
    private volatile String to = "";

    /** @param port of the server, on this machine */
    public CuttingProxy(Vertx vertx, int port) {
        client = vertx.createNetClient();
        server = RunningServer.await(vertx.createNetServer()
                .connectHandler(near -> connect(near, port))
                .listen(0, "127.0.0.1"));
    }

    private void connect(NetSocket near, int port) {
        if (cut) {
            near.close();
            return;
        }
        open.add(near);
        near.pause();
        client.connect(port, "127.0.0.1")
                .onSuccess(far -> {
                    near.handler(bytes -> far.write(changed(bytes)));
                    near.closeHandler(closed -> {
                        open.remove(near);
                        mute.remove(near);
                        far.close();
                    });
                    far.handler(bytes -> {
                        if (!mute.contains(near)) {
                            near.write(bytes);
                        }
                    });
                    far.closeHandler(closed -> near.close());
                    near.resume();
                })
                .onFailure(fault -> near.close());
    }

    private Buffer changed(Buffer bytes) {
        return from.isEmpty()
                ? bytes
                : Buffer.buffer(bytes.toString(StandardCharsets.ISO_8859_1).replace(from, to), "ISO-8859-1");
    }

    public int port() {
        return server.actualPort();
    }

    /** Cuts every connection, and lets none through until {@link #mend}. */
    public void cut() {
        cut = true;
        open.forEach(NetSocket::close);
    }

    /** Lets connections through again. */
    public void mend() {
        cut = false;
    }

    /** Loses from now on whatever the server says on the connections that are open. */
    public void mute() {
        mute.addAll(open);
    }

    /** Replaces words in what clients send from now on. */
    public void replaces(String words, String others) {
        to = others;
        from = words;
    }

    @Override
    public void close() {
        RunningServer.await(server.close());
        RunningServer.await(client.close());
    }
}
