package io.longline.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command that was parsed prints. */
final class Specs {
    private Specs() {}

    static CommandLine line(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("the command was not parsed");
        }
        return spec.commandLine();
    }

    static PrintWriter out(@Nullable CommandSpec spec) {
        return line(spec).getOut();
    }

    static PrintWriter err(@Nullable CommandSpec spec) {
        return line(spec).getErr();
    }

    /** One line of what went wrong. */
    static void error(@Nullable CommandSpec spec, String what) {
        err(spec).println("longline: " + what);
    }
}
