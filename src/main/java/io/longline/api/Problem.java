package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Why a request is not answered as asked (RFC 9457). Thrown and caught within the API; carries no stack trace.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<Fault> faults;
    private final int retryAfterSeconds;

    /** One fault of a body: where, as a JSON pointer (RFC 6901), and what. */
    record Fault(String pointer, String detail) {}

    private Problem(int status, String detail, List<Fault> faults, int retryAfterSeconds) {
        super(detail, null, false, false);
        this.status = status;
        this.faults = faults;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static Problem of(int status, String detail) {
        return new Problem(status, detail, List.of(), 0);
    }

    /** The body is well-formed, but these things are wrong with it. */
    static Problem invalid(List<Fault> faults) {
        String count = faults.size() == 1 ? "One thing is" : faults.size() + " things are";
        return new Problem(422, count + " wrong with the body; see errors", List.copyOf(faults), 0);
    }

    /** The body is well-formed, but this one thing is wrong with it, at a JSON pointer. */
    static Problem invalid(String pointer, String detail) {
        return invalid(List.of(new Fault(pointer, detail)));
    }

    /** The same, with the first of them in the message. */
    static Problem invalid(String detail, List<Fault> faults) {
        return new Problem(422, detail, List.copyOf(faults), 0);
    }

    /** There is no such thing, or it is not the caller's. */
    static Problem notFound() {
        return of(404, "There is no such thing here");
    }

    /** Not now; the same call may go through a little later. */
    static Problem unavailable(String detail) {
        return new Problem(503, detail, List.of(), 1);
    }

    /** Too often; the same call may go through once the time has passed. */
    static Problem tooMany(String detail, long waitNanos) {
        int seconds = (int) Math.min(3_600, Math.max(1, (waitNanos + 999_999_999) / 1_000_000_000));
        return new Problem(429, detail + "; try again in " + seconds + " s", List.of(), seconds);
    }

    /** Who calls has shown no key, or no good one. */
    static Problem unauthorized(String detail) {
        return of(401, detail);
    }

    int status() {
        return status;
    }

    /** What is wrong with the body; empty when the message says all. */
    List<Fault> faults() {
        return faults == null ? List.of() : faults;
    }

    /** When to try again, in seconds; 0 when that is not said. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("type", "about:blank");
        json.put("title", title(status));
        json.put("status", status);
        json.put("detail", getMessage());
        if (faults != null && !faults.isEmpty()) {
            ArrayNode errors = json.putArray("errors");
            for (Fault fault : faults) {
                errors.addObject().put("pointer", fault.pointer()).put("detail", fault.detail());
            }
        }
        return json;
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
