package io.longline.bench;

import java.time.Duration;

/**
 * What a run sends where. Webhooks come in groups of {@code fanOut}, each group with an event type of its own; events go
 * to the groups in turn. Of the webhooks, an evenly spread share never answers.
 *
 * @param rate events a second, at their intended times whatever the server does; 0 for as many as it takes
 * @param connections requests under way at once when the rate is 0
 * @param warmUp time that is not counted
 * @param duration time that is counted
 * @param rounds parts that this time is counted in, each server in turn
 * @param webhooks that events go to; a multiple of the fan-out
 * @param fanOut webhooks that each event goes to
 * @param payloadBytes size of an event's data
 * @param failPercent of the requests are answered 500
 * @param hangPercent of the webhooks never answer
 * @param timeout of each attempt
 * @param idleWebhooks registered as well, for other event types
 * @param history events delivered before the run
 * @param backlog events that wait, all the while, for webhooks that never answer
 * @param queries whether the lists of the API are read all the while
 */
public record Plan(
        int rate,
        int connections,
        Duration warmUp,
        Duration duration,
        int rounds,
        int webhooks,
        int fanOut,
        int payloadBytes,
        int failPercent,
        int hangPercent,
        Duration timeout,
        int idleWebhooks,
        int history,
        int backlog,
        boolean queries) {
    /** How many webhooks the backlog waits for. */
    static final int BACKLOG_WEBHOOKS = 100;

    public Plan {
        require(rate >= 0, "--rate must be max or a number above 0");
        require(connections >= 1, "--connections must be at least 1");
        require(!duration.isNegative() && !duration.isZero(), "--duration must be longer than 0");
        require(
                rounds >= 1 && rounds <= Math.max(1, duration.toSeconds()),
                "--rounds must be from 1 to the seconds of --duration");
        require(fanOut >= 1 && webhooks >= fanOut, "--webhooks must be at least --fan-out, which is at least 1");
        require(webhooks % fanOut == 0, "--webhooks must be a multiple of --fan-out");
        require(payloadBytes >= EventBody.LEAST_BYTES, "--payload-bytes must be at least " + EventBody.LEAST_BYTES);
        require(failPercent >= 0 && failPercent <= 90, "--fail-percent must be from 0 to 90");
        require(hangPercent >= 0 && hangPercent < 100, "--hang-percent must be from 0 to 99");
        require(idleWebhooks >= 0 && history >= 0 && backlog >= 0, "counts must not be negative");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    int groups() {
        return webhooks / fanOut;
    }

    int groupOf(long event) {
        return (int) (event % groups());
    }

    static String typeOf(int group) {
        return "bench.group" + group;
    }

    /** Whether a webhook never answers. */
    boolean hangs(int webhook) {
        return (webhook + 1L) * hangPercent / 100 > (long) webhook * hangPercent / 100;
    }

    /** How many deliveries of an event can arrive. */
    int expectedOf(long event) {
        if (hangPercent == 0) {
            return fanOut;
        }
        int first = groupOf(event) * fanOut;
        int expected = 0;
        for (int webhook = first; webhook < first + fanOut; webhook++) {
            expected += hangs(webhook) ? 0 : 1;
        }
        return expected;
    }
}
