package io.longline.cli;

import io.longline.Version;
import io.longline.telemetry.Logging;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The command line as a whole. Without a subcommand it serves. */
@Command(
        name = "longline",
        mixinStandardHelpOptions = true,
        versionProvider = LonglineCommand.Versions.class,
        synopsisHeading = "Example: java -jar longline.jar --port 8000 --store sqlite:longline.db%n%nUsage: ",
        description = "Durable webhook delivery. Without a subcommand it starts the server.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:the command line is wrong",
            "3:refused by the server",
            "4:the server cannot be reached"
        },
        subcommands = {
            ServeCommand.class,
            ReceiveCommand.class,
            TriggerCommand.class,
            BenchCommand.class,
            BenchRelayCommand.class,
            KeysCommand.class,
            RekeyCommand.class,
            OutboxCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            WebhooksCommand.class,
            DeliveriesCommand.class,
            EventsCommand.class,
            EventTypesCommand.class,
            ReplayCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            ApplyCommand.class,
            CompareCommand.class,
            ListenCommand.class,
            VerifyCommand.class,
            ConfigCommand.class,
            CompletionCommand.class
        })
public final class LonglineCommand implements Runnable {
    /** What {@link #run} answers when a server was started that goes on running. */
    public static final int RUNNING = -1;

    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int REFUSED = 3;
    static final int UNREACHABLE = 4;
    static final int DIFFERENT = 5;

    @Mixin
    private ServeOptions options = new ServeOptions();

    private int code;

    /** Runs a command line; answers its exit code, or {@link #RUNNING}. */
    public static int run(String... arguments) {
        Logging.quiet();
        LonglineCommand command = new LonglineCommand();
        CommandLine line = new CommandLine(command)
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(LonglineCommand::misused)
                .setExecutionExceptionHandler((fault, at, parsed) -> {
                    at.getErr().println("longline: " + fault.getMessage());
                    return fault instanceof CommandFailure failure ? failure.code() : FAILED;
                });
        int code = line.execute(arguments);
        CommandLine.ParseResult parsed = line.getParseResult();
        boolean served = parsed != null && !parsed.hasSubcommand() && !parsed.isUsageHelpRequested();
        return served && code == 0 && !parsed.isVersionHelpRequested() ? command.code : code;
    }

    private static int misused(ParameterException fault, String[] arguments) {
        fault.getCommandLine().getErr().println("longline: " + fault.getMessage() + " (see --help)");
        return USAGE;
    }

    @Override
    public void run() {
        code = new Serving(options).run();
    }

    /** Prints the version. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"longline " + Version.current()};
        }
    }
}
