package io.longline.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver on a real socket, one thread for each connection, that does to every request what its script says, down to
 * resetting the connection.
 */
final class Receiver implements AutoCloseable {
    private static final int HANG_MILLIS = 60_000;

    private final ServerSocket server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "receiver");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> repeats = new ConcurrentHashMap<>();
    private final Map<Socket, Boolean> sockets = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private volatile Script script;

    Receiver(Script script) throws IOException {
        this.script = script;
        threads.execute(this::accept);
    }

    /** What happens to a request. */
    enum Reaction {
        ACCEPT(200),
        REFUSE(500),
        GONE(410),
        /** No answer, for as long as the sender waits. */
        HANG(0),
        /** The connection is reset once the request has been read. */
        RESET(0),
        /** Half an answer's head, then the end. */
        CUT(0),
        /** Something that is no HTTP. */
        GARBAGE(0);

        private final int status;

        Reaction(int status) {
            this.status = status;
        }
    }

    /** Decides on a request; {@code nth} counts the arrivals of one event at one path, from 1. */
    interface Script {
        Reaction react(String path, String id, int nth);

        /** How long to wait before the reaction. */
        default long delayMillis() {
            return 0;
        }
    }

    /** A request as it came; {@code reaction} is what was meant to happen to it. */
    record Arrival(String path, Map<String, String> headers, byte[] body, Reaction reaction) {
        String id() {
            return headers.getOrDefault("webhook-id", "");
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    String url(String path) {
        return "http://localhost:" + server.getLocalPort() + path;
    }

    void script(Script next) {
        script = next;
    }

    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    int count() {
        return arrivals.size();
    }

    int underWay() {
        return underWay.get();
    }

    int mostUnderWay() {
        return mostUnderWay.get();
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = server.accept();
                sockets.put(socket, true);
                threads.execute(() -> serve(socket));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (Socket open = socket) {
            open.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(open.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                goesOn = request(open, in);
            }
        } catch (IOException gone) {
            // The sender went away, which is its right.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
        }
    }

    private boolean request(Socket socket, InputStream in) throws IOException, InterruptedException {
        String first = line(in);
        if (first.isEmpty()) {
            return false;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String path = first.split(" ")[1];
        int nth = repeats.computeIfAbsent(path + headers.get("webhook-id"), key -> new AtomicInteger())
                .incrementAndGet();
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            Script now = script;
            Reaction reaction = now.react(path, headers.getOrDefault("webhook-id", ""), nth);
            arrivals.add(new Arrival(path, headers, body, reaction));
            if (now.delayMillis() > 0 && closed.await(now.delayMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            return react(reaction, socket, in);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static boolean react(Reaction reaction, Socket socket, InputStream in) throws IOException {
        switch (reaction) {
            case HANG -> {
                socket.setSoTimeout(HANG_MILLIS);
                return in.read() > 0 && false;
            }
            case RESET -> {
                // No lingering: the close becomes a reset.
                socket.setSoLinger(true, 0);
                return false;
            }
            case CUT -> {
                write(socket, "HTTP/1.1 200 O");
                return false;
            }
            case GARBAGE -> {
                write(socket, "\0\1\2 this is no HTTP\r\n\r\n");
                return false;
            }
            default -> {
                write(socket, "HTTP/1.1 " + reaction.status + " Done\r\nContent-Length: 2\r\n\r\nok");
                return true;
            }
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
            for (Socket socket : sockets.keySet()) {
                socket.close();
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        threads.shutdownNow();
    }
}
