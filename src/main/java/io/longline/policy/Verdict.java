package io.longline.policy;

import io.longline.model.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt's outcome means for its delivery, its lane and its webhook. The one place where this is decided:
 *
 * <table>
 * <caption>Outcomes and verdicts</caption>
 * <tr><th>outcome</th><th>delivery</th><th>counts for the circuit</th><th>honours Retry-After</th></tr>
 * <tr><td>2xx</td><td>succeeded</td><td>as success</td><td></td></tr>
 * <tr><td>made by a shadow and not sent</td><td>succeeded</td><td>no</td><td></td></tr>
 * <tr><td>410</td><td>failed at once, webhook disabled</td><td>no</td><td></td></tr>
 * <tr><td>429, 503</td><td>tried again</td><td>as failure</td><td>yes, and rests the whole lane</td></tr>
 * <tr><td>502, 504</td><td>tried again</td><td>as failure</td><td>yes</td></tr>
 * <tr><td>other 5xx</td><td>tried again</td><td>as failure</td><td>no</td></tr>
 * <tr><td>other statuses, 3xx among them</td><td>tried again</td><td>no</td><td>no</td></tr>
 * <tr><td>timeout, unreachable, TLS fault</td><td>tried again</td><td>as failure</td><td></td></tr>
 * <tr><td>blocked address, malformed answer, no body by the template</td><td>tried again</td><td>no</td><td></td></tr>
 * </table>
 *
 * @param kind what becomes of the delivery
 * @param circuit how the webhook's breaker counts it
 * @param retryAfter the earliest next attempt that the receiver asked for; {@code null} when it asked for none
 * @param restsLane whether that wait holds for every delivery of the webhook
 * @param timedOut whether the receiver was too slow, which costs its lane slots
 */
public record Verdict(
        Kind kind, CircuitCount circuit, @Nullable Duration retryAfter, boolean restsLane, boolean timedOut) {
    private static final int GONE = 410;

    /** What becomes of the delivery. */
    public enum Kind {
        SUCCEEDED,
        TRY_AGAIN,
        GONE
    }

    /** How a circuit counts an outcome. */
    public enum CircuitCount {
        SUCCESS,
        FAILURE,
        /** The receiver is there but did not want this one. */
        NEITHER
    }

    /** The verdict on an outcome. */
    public static Verdict of(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return ofAnswer(answered);
        }
        if (outcome instanceof Outcome.Shadowed) {
            return new Verdict(Kind.SUCCEEDED, CircuitCount.NEITHER, null, false, false);
        }
        if (outcome instanceof Outcome.Blocked
                || outcome instanceof Outcome.Malformed
                || outcome instanceof Outcome.Unrenderable) {
            return new Verdict(Kind.TRY_AGAIN, CircuitCount.NEITHER, null, false, false);
        }
        return new Verdict(Kind.TRY_AGAIN, CircuitCount.FAILURE, null, false, outcome instanceof Outcome.TimedOut);
    }

    private static Verdict ofAnswer(Outcome.Answered answered) {
        if (answered.isSuccess()) {
            return new Verdict(Kind.SUCCEEDED, CircuitCount.SUCCESS, null, false, false);
        }
        int status = answered.status();
        if (status == GONE) {
            return new Verdict(Kind.GONE, CircuitCount.NEITHER, null, false, false);
        }
        boolean restsLane = status == 429 || status == 503;
        boolean honoured = restsLane || status == 502 || status == 504;
        CircuitCount count =
                status == 429 || (status >= 500 && status < 600) ? CircuitCount.FAILURE : CircuitCount.NEITHER;
        Duration retryAfter = honoured ? answered.retryAfter() : null;
        return new Verdict(Kind.TRY_AGAIN, count, retryAfter, restsLane && retryAfter != null, false);
    }
}
