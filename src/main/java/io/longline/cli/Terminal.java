package io.longline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Whether somebody is looking, and whether they want colours. */
final class Terminal {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int ERR = 2;

    private Terminal() {}

    /** Whether somebody can be asked: standard input is a terminal. */
    static boolean hasIn() {
        return isTerminal(IN);
    }

    /** Whether standard output is a terminal. */
    static boolean hasOut() {
        return isTerminal(OUT);
    }

    /** Whether standard error is a terminal. */
    static boolean hasErr() {
        return isTerminal(ERR);
    }

    /** Whether to colour what goes to standard output: on a terminal, unless NO_COLOR says not to. */
    static boolean wantsColor(Map<String, String> environment) {
        return hasOut()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Where the system does not say what a descriptor is, nobody is taken to look. */
    private static boolean isTerminal(int descriptor) {
        return name("/proc/self/fd/" + descriptor)
                .or(() -> name("/dev/fd/" + descriptor))
                .filter(name ->
                        name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.startsWith("/dev/console"))
                .isPresent();
    }

    private static Optional<String> name(String link) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(link)).toString());
        } catch (IOException | UnsupportedOperationException unknown) {
            return Optional.empty();
        }
    }
}
