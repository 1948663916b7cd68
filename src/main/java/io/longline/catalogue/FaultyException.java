package io.longline.catalogue;

import java.util.List;

/** What was given is not as it must be; says all that is wrong with it. Carries no stack trace. */
public final class FaultyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    FaultyException(List<Fault> faults) {
        super(
                faults.isEmpty()
                        ? ""
                        : faults.get(0).pointer() + " " + faults.get(0).detail(),
                null,
                false,
                false);
        this.faults = List.copyOf(faults);
    }

    FaultyException(String pointer, String detail) {
        this(List.of(new Fault(pointer, detail)));
    }

    /** What is wrong; at least one thing. */
    public List<Fault> faults() {
        return faults == null ? List.of() : faults;
    }
}
