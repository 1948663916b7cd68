package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.exchange.original.OriginalDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives a file to a server, all of it or nothing. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar import webhooks.csv --dry-run%n%nUsage: ",
        description = {
            "Takes webhooks and sources from a file: a table (CSV), an export of Longline, what Svix or Convoy answer, or a"
                    + " webhooks.db with its delivery attempts. All of the file is taken, or nothing; history goes on where"
                    + " it was broken off. Doing it again changes nothing. --dry-run prints what would be made."
        })
final class ImportCommand implements Callable<Integer> {
    /** What a server takes, unless it is set otherwise. */
    private static final int LARGEST = 64 * 1_048_576;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The file; - reads standard input.")
    private String file = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv, longline, svix or convoy; told from the file when left out.")
    private @Nullable String format;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose they are, where the file does not say.")
    private @Nullable String tenant;

    @Option(names = "--disabled", description = "New webhooks begin disabled.")
    private boolean disabled;

    @Option(names = "--dry-run", description = "Print what would be made, and make nothing.")
    private boolean dryRun;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("format", format);
        query.put("tenant", tenant);
        query.put("disabled", disabled ? true : null);
        query.put("dry_run", dryRun ? true : null);
        JsonNode answer;
        try {
            String path = ServerClient.path("/api/import", query);
            answer = isDatabase() ? original(path) : server.client().post(path, read(), "text/csv");
        } catch (CommandFailure refused) {
            throw refused.of(file);
        }
        print(Specs.out(spec), answer);
        return 0;
    }

    private JsonNode original(String path) {
        ProgressBar bar = new ProgressBar(Specs.err(spec), Terminal.hasErr(), "attempts", System::nanoTime);
        return new OriginalImport(server.client(), Path.of(file), bar).run(path, dryRun);
    }

    private boolean isDatabase() {
        if (file.equals("-")) {
            return false;
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return OriginalDatabase.isDatabase(in.readNBytes(16));
        } catch (IOException unreadable) {
            throw CommandFailure.failed(file + " cannot be read");
        }
    }

    private void print(PrintWriter out, JsonNode answer) {
        if (server.json()) {
            out.println(answer);
            return;
        }
        ChangeReport report = new ChangeReport(out, Terminal.wantsColor(System.getenv()));
        ChangeReport.warnings(Specs.err(spec), answer);
        if (dryRun) {
            report.differences(answer);
        }
        report.counts(answer);
        JsonNode history = answer.path("history");
        if (history.isObject() && dryRun) {
            out.println("history: " + history.path("found").asLong() + " attempts would be looked through");
        } else if (history.isObject()) {
            out.println("history: " + history.path("deliveries").asLong() + " deliveries and "
                    + history.path("attempts").asLong() + " attempts created; "
                    + history.path("too_old").asLong() + " deliveries older than the server keeps any");
        }
        report.secrets(answer);
    }

    private byte[] read() {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            byte[] body = in.readNBytes(LARGEST + 1);
            if (body.length > LARGEST) {
                throw CommandFailure.failed(file + " has more than " + LARGEST + " bytes; split it");
            }
            return body;
        } catch (IOException unreadable) {
            throw CommandFailure.failed(file + " cannot be read");
        }
    }
}
