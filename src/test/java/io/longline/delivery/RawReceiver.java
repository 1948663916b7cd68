package io.longline.delivery;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver on a bare socket, since what the tests need of it no HTTP server would do. The n-th connection is served by
 * the n-th script, every later one by the last.
 */
final class RawReceiver implements AutoCloseable {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket listening;
    private final List<Script> scripts;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger closedByPeer = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What is done with one connection; afterwards the receiver only waits for the peer to close it. */
    @FunctionalInterface
    interface Script {
        void serve(Conversation conversation) throws IOException;
    }

    RawReceiver(Script... scripts) {
        this.scripts = List.of(scripts);
        try {
            listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        thread(this::accept);
    }

    /** Answers every request on its connection with 200. */
    static void healthy(Conversation conversation) throws IOException {
        while (!conversation.readRequest().isEmpty()) {
            conversation.write(OK);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    int port() {
        return listening.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    int closedByPeer() {
        return closedByPeer.get();
    }

    /** The requests read so far, each with its head and body. */
    List<String> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                int index = Math.min(accepted.getAndIncrement(), scripts.size() - 1);
                thread(() -> serve(socket, scripts.get(index)));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            Conversation conversation = new Conversation(socket);
            script.serve(conversation);
            conversation.readUntilClosed();
        } catch (IOException broken) {
            // A peer that went away while it was written to has closed as well.
        } finally {
            closedByPeer.incrementAndGet();
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "raw-receiver");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** One connection, from the receiver's side. */
    final class Conversation {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Conversation(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** Reads a request with its body; empty at the end of the connection. */
        String readRequest() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            String text = "";
            while (!text.endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return "";
                }
                head.write(next);
                text = next == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
            }
            String request = text + new String(in.readNBytes(contentLength(text)), StandardCharsets.UTF_8);
            requests.add(request);
            return request;
        }

        private static int contentLength(String head) {
            return head.toLowerCase(Locale.ROOT)
                    .lines()
                    .filter(line -> line.startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip()))
                    .findFirst()
                    .orElse(0);
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Lets time pass; ends early with the test. */
        void pause(long millis) throws IOException {
            try {
                if (closing.await(millis, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the test is over");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException(interrupted);
            }
        }

        /** Ends the connection in good order. */
        void end() throws IOException {
            socket.close();
        }

        /** Ends the connection with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        void readUntilClosed() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
