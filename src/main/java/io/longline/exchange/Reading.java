package io.longline.exchange;

import java.util.List;

/**
 * What a file holds.
 *
 * @param warnings one line for each thing that could not be carried over; without a secret
 */
public record Reading(List<Draft> drafts, List<String> warnings) {
    /** As many things as one file may hold. */
    public static final int MOST = 12_000;

    public Reading {
        if (drafts.size() > MOST) {
            throw UnreadableFileException.of("", "", "has more than " + MOST + " things; split it");
        }
        drafts = List.copyOf(drafts);
        warnings = List.copyOf(warnings);
    }
}
