package io.longline.api;

import io.longline.api.Problem.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Collects everything that is wrong with a body, so that the caller hears of all of it at once. */
final class Faults {
    private final List<Fault> faults = new ArrayList<>();

    void add(String pointer, String detail) {
        faults.add(new Fault(pointer, detail));
    }

    /** Notes a fault where there is one. */
    void add(String pointer, Optional<String> detail) {
        detail.ifPresent(words -> add(pointer, words));
    }

    /** Whether something was noted at that place. */
    boolean has(String pointer) {
        return faults.stream().anyMatch(fault -> fault.pointer().equals(pointer));
    }

    /** Takes over what was noted of one line of a body, with its number. */
    void addAll(Faults ofLine, int line) {
        ofLine.faults.forEach(fault -> add(fault.pointer(), fault.detail() + " (line " + line + ")"));
    }

    /** Tells each of them, where and what. */
    void each(BiConsumer<String, String> fault) {
        faults.forEach(each -> fault.accept(each.pointer(), each.detail()));
    }

    /** Refuses the body if anything is wrong with it. */
    void refuseIfAny() {
        if (!faults.isEmpty()) {
            throw Problem.invalid(faults);
        }
    }

    /** A field's pointer below another. */
    static String pointer(String parent, String name) {
        return parent + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
