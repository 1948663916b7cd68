package io.longline.api;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the things of a file, each with its place; the first of them in words. For one thread. */
final class PlanFaults {
    private static final int MOST = 20;

    private final List<Problem.Fault> faults = new ArrayList<>();
    private String firstFault = "";

    /** Whether there is no use in looking for more. */
    boolean areEnough() {
        return faults.size() >= MOST;
    }

    /** Refuses the file if anything is wrong with it. */
    void refuseIfAny() {
        if (!faults.isEmpty()) {
            throw Problem.invalid(firstFault + "; nothing was made", faults);
        }
    }

    /** Notes what is wrong with the thing at that place. */
    void note(String place, Problem fault) {
        String pointer = pointer(place);
        List<Problem.Fault> found = fault.faults().isEmpty()
                ? List.of(new Problem.Fault("", String.valueOf(fault.getMessage())))
                : fault.faults();
        for (Problem.Fault each : found) {
            if (faults.isEmpty()) {
                firstFault = line(place, each.pointer(), each.detail());
            }
            faults.add(new Problem.Fault(pointer + each.pointer(), each.detail()));
        }
    }

    /** Place, field and what is wrong, in one line. */
    static String line(String place, String pointer, String detail) {
        String field = pointer.isEmpty() ? "" : ", " + pointer.substring(1).replace('/', '.');
        return (place.isEmpty() ? "The file" + field : place + field) + " " + detail;
    }

    /** A place as a JSON pointer; rows of a table are counted as spreadsheets do, from 1. */
    static String pointer(String place) {
        return place.isEmpty()
                ? ""
                : "/"
                        + place.replace("row ", "rows/")
                                .replace('.', '/')
                                .replace('[', '/')
                                .replace("]", "");
    }
}
