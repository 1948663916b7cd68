package io.longline.store.sql;

import io.longline.policy.DurationHistogram;

/** What one bucket of time has counted. Mutable; for one thread. */
final class Tally {
    long accepted;
    long attemptsSucceeded;
    long attemptsFailed;
    long deliveriesSucceeded;
    long deliveriesFailed;
    double durationMillis;
    final DurationHistogram durations = new DurationHistogram();

    void attempt(boolean succeeded, double millis) {
        if (succeeded) {
            attemptsSucceeded++;
        } else {
            attemptsFailed++;
        }
        durationMillis += millis;
        durations.add(millis);
    }

    void delivery(boolean succeeded) {
        if (succeeded) {
            deliveriesSucceeded++;
        } else {
            deliveriesFailed++;
        }
    }

    void add(Tally other) {
        accepted += other.accepted;
        attemptsSucceeded += other.attemptsSucceeded;
        attemptsFailed += other.attemptsFailed;
        deliveriesSucceeded += other.deliveriesSucceeded;
        deliveriesFailed += other.deliveriesFailed;
        durationMillis += other.durationMillis;
        durations.add(other.durations);
    }
}
