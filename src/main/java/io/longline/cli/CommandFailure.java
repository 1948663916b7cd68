package io.longline.cli;

/** What ends a command: one line for whoever gave it, and the exit code. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final boolean isPassing;

    private CommandFailure(int code, String line) {
        this(code, line, false);
    }

    private CommandFailure(int code, String line, boolean isPassing) {
        super(line, null, false, false);
        this.code = code;
        this.isPassing = isPassing;
    }

    /** The server said no. */
    static CommandFailure refused(String line) {
        return new CommandFailure(LonglineCommand.REFUSED, line);
    }

    /** The server, or what is in front of it, said not now. */
    static CommandFailure notNow(String line) {
        return new CommandFailure(LonglineCommand.REFUSED, line, true);
    }

    /** There was no answer. */
    static CommandFailure unreachable(String line) {
        return new CommandFailure(LonglineCommand.UNREACHABLE, line, true);
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

    /** Whether the same may go well a little later. */
    boolean isPassing() {
        return isPassing;
    }

    int code() {
        return code;
    }
}
