package io.longline.cli;

import io.longline.Version;
import io.longline.telemetry.Logging;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
        })
public final class LonglineCommand implements Runnable {
    /** What {@link #run} answers when a server was started that goes on running. */
    public static final int RUNNING = -1;

    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int REFUSED = 3;
    static final int UNREACHABLE = 4;
    static final int DIFFERENT = 5;

    /** What the subcommands are called; a test holds this to them. */
    static final Set<String> SUBCOMMANDS = Set.of(
            "serve",
            "receive",
            "trigger",
            "bench",
            "bench-relay",
            "keys",
            "rekey",
            "outbox",
            "backup",
            "restore",
            "webhooks",
            "deliveries",
            "events",
            "event-types",
            "replay",
            "import",
            "export",
            "apply",
            "compare",
            "listen",
            "verify",
            "config",
            "completion");

    @Mixin
    private ServeOptions options = new ServeOptions();

    private int code;

    /** Runs a command line; answers its exit code, or {@link #RUNNING}. */
    public static int run(String... arguments) {
        Logging.quiet();
        LonglineCommand command = new LonglineCommand();
        CommandLine line = line(command, arguments)
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

    /** The command line with all its subcommands. */
    static CommandLine whole(LonglineCommand command) {
        CommandLine line = new CommandLine(command);
        Subcommands.ALL.forEach(line::addSubcommand);
        return line;
    }

    /** A server that is just started need not know what each subcommand takes, which is a good part of its start. */
    private static CommandLine line(LonglineCommand command, String... arguments) {
        CommandLine alone = new CommandLine(command);
        return isPlainStart(alone.getCommandSpec(), arguments) ? alone : whole(command);
    }

    /** Whether there is nothing but the server's own options, each with a value that can be nothing else. */
    private static boolean isPlainStart(CommandSpec spec, String... arguments) {
        for (int index = 0; index < arguments.length; index++) {
            int end = arguments[index].indexOf('=');
            OptionSpec option = spec.optionsMap().get(end < 0 ? arguments[index] : arguments[index].substring(0, end));
            if (option == null || option.usageHelp() || option.versionHelp()) {
                return false;
            }
            if (end < 0) {
                index++;
                boolean value = index < arguments.length
                        && !arguments[index].startsWith("@")
                        && !SUBCOMMANDS.contains(arguments[index]);
                if (!value) {
                    return false;
                }
            }
        }
        return true;
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

    /** Apart, so that none of them is loaded before it is needed. */
    private static final class Subcommands {
        static final List<Class<?>> ALL = List.of(
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
                CompletionCommand.class);
    }
}
