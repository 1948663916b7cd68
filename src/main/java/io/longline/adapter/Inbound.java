package io.longline.adapter;

import org.jspecify.annotations.Nullable;

/** What a third party's call means. */
public sealed interface Inbound {
    /**
     * Something happened.
     *
     * @param event the event's name
     * @param callId what the third party calls this call, the same when it is repeated; {@code null} when it does not say
     * @param wantsSilence whether the third party would show an answer's body to a person, and so wants none
     */
    record Occurred(String event, @Nullable String callId, boolean wantsSilence) implements Inbound {}

    /** The third party asks whether somebody is there, who is to send this back. */
    record Challenge(String text) implements Inbound {}

    /**
     * The call does not tell what it is about.
     *
     * @param lacking what it lacks
     */
    record Unclear(String lacking) implements Inbound {}
}
