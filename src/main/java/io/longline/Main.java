package io.longline;

import io.longline.cli.LonglineCommand;

/** The command line's entry: hands the arguments over, and ends with the command's exit code. */
public final class Main {
    private Main() {}

    /** Runs a command; a server that has started goes on running. */
    public static void main(String[] arguments) {
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        int code = LonglineCommand.run(arguments);
        if (code != LonglineCommand.RUNNING) {
            System.exit(code);
        }
    }
}
