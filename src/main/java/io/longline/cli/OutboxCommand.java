package io.longline.cli;

import io.longline.adapter.outbox.OutboxDdl;
import io.longline.adapter.outbox.OutboxDdl.Watched;
import io.longline.adapter.outbox.OutboxTables;
import io.longline.config.OutboxAddress;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What there is to do about an application's outbox. */
@Command(
        name = "outbox",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar outbox ddl --dialect postgresql | psql shop%n%nUsage: ",
        description = "Makes the table from which an application's rows become events.",
        subcommands = OutboxCommand.Ddl.class)
final class OutboxCommand {
    /** Prints the statements. */
    @Command(
            name = "ddl",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar outbox ddl --dialect postgresql --watch users,orders"
                    + " | psql shop%n%nUsage: ",
            description = {
                "Prints the statements that make the outbox, for the database in outbox.url or the dialect given. They may"
                        + " be run again."
            })
    static final class Ddl implements Callable<Integer> {
        private enum Dialect {
            postgresql,
            sqlite
        }

        private static final String TABLE = "([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}";

        @Mixin
        private ServeOptions options = new ServeOptions();

        @Option(names = "--dialect", description = "postgresql or sqlite; by default that of outbox.url.")
        private @Nullable Dialect dialect;

        @Option(names = "--table", paramLabel = "TABLE", description = "The outbox (outbox.table).")
        private @Nullable String table;

        @Option(
                names = "--watch",
                paramLabel = "TABLE[:KEY]",
                split = ",",
                description = {
                    "Tables whose rows' changes become data.created, data.updated and data.deleted, with the column that"
                            + " tells their rows apart (id). For SQLite the tables are looked up in outbox.url."
                })
        private List<String> watch = new ArrayList<>();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            SettingsLoader.Loaded loaded = SettingsLoader.load(options.flags(), System.getenv(), options.config);
            Settings settings = loaded.settings();
            if (settings == null) {
                loaded.faults().forEach(this::error);
                return LonglineCommand.USAGE;
            }
            String outbox = name(table == null ? settings.outbox().table() : table);
            OutboxAddress address = settings.outbox().address();
            try {
                String ddl = dialect(address) == Dialect.postgresql
                        ? OutboxDdl.postgres(outbox, watched(outbox, null))
                        : OutboxDdl.sqlite(outbox, watched(outbox, sqlite(address)));
                spec().commandLine().getOut().print(ddl);
                spec().commandLine().getOut().flush();
                return 0;
            } catch (OutboxTables.UnreadableException fault) {
                error(String.valueOf(fault.getMessage()));
                return LonglineCommand.FAILED;
            }
        }

        private Dialect dialect(@Nullable OutboxAddress address) {
            if (dialect != null) {
                return dialect;
            }
            if (address == null) {
                throw misuse("say which database with --dialect postgresql or --dialect sqlite, or set outbox.url");
            }
            return address instanceof OutboxAddress.Sqlite ? Dialect.sqlite : Dialect.postgresql;
        }

        private OutboxAddress.@Nullable Sqlite sqlite(@Nullable OutboxAddress address) {
            if (address instanceof OutboxAddress.Sqlite sqlite) {
                return sqlite;
            }
            if (!watch.isEmpty()) {
                throw misuse("--watch needs to look at the tables: name the file with --set outbox.url=sqlite:PATH");
            }
            return null;
        }

        private List<Watched> watched(String outbox, OutboxAddress.@Nullable Sqlite file)
                throws OutboxTables.UnreadableException {
            List<Watched> watched = new ArrayList<>();
            for (String each : watch) {
                int colon = each.indexOf(':');
                String name = name(colon < 0 ? each : each.substring(0, colon));
                String key = name(colon < 0 ? "id" : each.substring(colon + 1));
                if (name.equals(outbox)) {
                    throw misuse("--watch cannot name the outbox itself: each row would write another");
                }
                List<String> columns = file == null ? List.of() : OutboxTables.columns(file, name);
                if (file != null && !columns.contains(key)) {
                    throw misuse("--watch: the table " + name + " has no column " + key
                            + "; name the one that tells its rows apart, as in " + name + ":number");
                }
                watched.add(new Watched(name, key, columns));
            }
            return watched;
        }

        private String name(String text) {
            if (!text.matches(TABLE)) {
                throw misuse("\"" + text + "\" is not a name of a table or a column");
            }
            return text;
        }

        private ParameterException misuse(String why) {
            return new ParameterException(spec().commandLine(), why);
        }

        private void error(String line) {
            spec().commandLine().getErr().println("longline: " + line);
        }

        private CommandSpec spec() {
            if (spec == null) {
                throw new IllegalStateException("the command was not parsed");
            }
            return spec;
        }
    }
}
