package io.longline.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says to a server exactly the bytes given, which no well-behaved client would, and reads until it hangs up. */
public final class RawHttp {
    private static final int PATIENCE_MILLIS = 10_000;

    private RawHttp() {}

    /** A request without a body; headers as {@code Name: value}. The server is asked to hang up afterwards. */
    public static Answer request(int port, String method, String target, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return exchange(port, request.append("Connection: close\r\n\r\n").toString());
    }

    /** Any text as Latin-1, and what came back; a status of 0 when the server hung up without a word. */
    public static Answer exchange(int port, String text) {
        return exchange(port, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Any bytes, and what came back. */
    public static Answer exchange(int port, byte[] bytes) {
        return parse(received(port, bytes));
    }

    /** Any bytes, and every byte that came back until the server hung up. */
    public static byte[] received(int port, byte[] bytes) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes);
            socket.getInputStream().transferTo(received);
        } catch (IOException fault) {
            if (received.size() == 0) {
                throw new UncheckedIOException(fault);
            }
        }
        return received.toByteArray();
    }

    private static Answer parse(byte[] received) {
        String text = new String(received, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        Map<String, List<String>> headers = new HashMap<>();
        if (headEnd < 0) {
            return new Answer(0, HttpHeaders.of(headers, (name, value) -> true), received);
        }
        String[] lines = text.substring(0, headEnd).split("\r\n");
        for (int index = 1; index < lines.length; index++) {
            int colon = lines[index].indexOf(':');
            headers.computeIfAbsent(lines[index].substring(0, colon), name -> new ArrayList<>())
                    .add(lines[index].substring(colon + 1).strip());
        }
        byte[] body = text.substring(headEnd + 4).getBytes(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        return new Answer(status, HttpHeaders.of(headers, (name, value) -> true), body);
    }
}
