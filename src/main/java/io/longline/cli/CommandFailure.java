package io.longline.cli;

/** What ends a command: one line for whoever gave it, and the exit code. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    private CommandFailure(int code, String line) {
        super(line, null, false, false);
        this.code = code;
    }

    /** The server said no. */
    static CommandFailure refused(String line) {
        return new CommandFailure(LonglineCommand.REFUSED, line);
    }

    /** There was no answer. */
    static CommandFailure unreachable(String line) {
        return new CommandFailure(LonglineCommand.UNREACHABLE, line);
    }

    /** It cannot be done as it was asked for. */
    static CommandFailure usage(String line) {
        return new CommandFailure(LonglineCommand.USAGE, line);
    }

    /** It did not come to what it was meant to. */
    static CommandFailure failed(String line) {
        return new CommandFailure(LonglineCommand.FAILED, line);
    }

    /** The same, said of a file. */
    CommandFailure of(String file) {
        return code == LonglineCommand.REFUSED ? new CommandFailure(code, file + ": " + getMessage()) : this;
    }

    int code() {
        return code;
    }
}
