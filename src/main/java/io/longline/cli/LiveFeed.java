package io.longline.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Server-Sent Events (HTML standard, 9.2) over as many connections as it takes. Where the next one goes on is known by the
 * last event that was handled: one that came in part, or whose handling failed, comes again. For one thread.
 */
final class LiveFeed {
    private String lastId = "";
    private String id = "";
    private String kind = "";
    private final StringBuilder data = new StringBuilder();

    /** Hears of each event; what it throws ends the connection before the event counts as handled. */
    interface Listener {
        /** An event of that kind. */
        void event(String kind, String data);
    }

    /** What the next connection is to ask with. */
    Map<String, String> headers() {
        return lastId.isEmpty() ? Map.of() : Collections.singletonMap("Last-Event-ID", lastId);
    }

    /**
     * Reads one connection to its end.
     *
     * @param isOver whether enough was heard
     * @throws IOException when it breaks
     */
    void follow(InputStream stream, Listener listener, BooleanSupplier isOver) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        id = lastId;
        forget();
        for (String line = lines.readLine(); line != null && !isOver.getAsBoolean(); line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!kind.isEmpty()) {
                    listener.event(kind, data.toString());
                }
                lastId = id;
                forget();
            } else {
                field(line);
            }
        }
    }

    private void field(String line) {
        if (line.startsWith("id:")) {
            id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
            kind = line.substring(6).strip();
        } else if (line.startsWith("data:")) {
            data.append(line.substring(5).strip());
        }
    }

    private void forget() {
        kind = "";
        data.setLength(0);
    }
}
