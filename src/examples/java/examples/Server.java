package examples;

import io.longline.LonglineServer;

/** The whole server: engine, HTTP API, dashboard. */
public final class Server {
    private Server() {}

    public static void main(String[] arguments) {
        // Run on custom port
        LonglineServer server = LonglineServer.run("0.0.0.0", 8080);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }
}
