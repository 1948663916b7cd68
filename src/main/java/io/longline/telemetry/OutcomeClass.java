package io.longline.telemetry;

import io.longline.model.Outcome;

/** The kinds of outcome that attempts are counted by: few enough to be a label. */
public enum OutcomeClass {
    SUCCESS("2xx"),
    REDIRECT("3xx"),
    REFUSED("4xx"),
    /** 429: the receiver asks for a rest. */
    RATE_LIMITED("429"),
    SERVER_ERROR("5xx"),
    TIMED_OUT("timeout"),
    UNREACHABLE("unreachable"),
    TLS_FAULT("tls"),
    /** Its address may not be reached. */
    BLOCKED("blocked"),
    MALFORMED("malformed"),
    /** The webhook is a shadow, and nothing was sent. */
    SHADOW("shadow"),
    /** It waited too long, and no attempt was made any more. */
    EXPIRED("expired");

    private static final int TOO_MANY_REQUESTS = 429;

    private final String label;

    OutcomeClass(String label) {
        this.label = label;
    }

    /** The value of the label {@code outcome}. */
    public String label() {
        return label;
    }

    /** The class that an outcome is of. */
    public static OutcomeClass of(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return ofStatus(answered.status());
        }
        if (outcome instanceof Outcome.TimedOut) {
            return TIMED_OUT;
        }
        if (outcome instanceof Outcome.Unreachable) {
            return UNREACHABLE;
        }
        if (outcome instanceof Outcome.TlsFault) {
            return TLS_FAULT;
        }
        if (outcome instanceof Outcome.Shadowed) {
            return SHADOW;
        }
        return outcome instanceof Outcome.Blocked ? BLOCKED : MALFORMED;
    }

    private static OutcomeClass ofStatus(int status) {
        if (status == TOO_MANY_REQUESTS) {
            return RATE_LIMITED;
        }
        return switch (status / 100) {
            case 2 -> SUCCESS;
            case 3 -> REDIRECT;
            case 4 -> REFUSED;
            case 5 -> SERVER_ERROR;
            default -> MALFORMED;
        };
    }
}
