package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a server match a file, which may be kept in git. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar apply -f webhooks.yaml --dry-run%n%nUsage: ",
        description = {
            "Makes the server match a YAML file: shows what differs, asks on a terminal, then changes all of it or nothing. A"
                    + " secret stands in the environment or in another file; one that is left out is made, shown once and"
                    + " kept. Should somebody change something in between, nothing is done."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done, or nothing to do",
            "1:failed, or not agreed to",
            "2:the command line is wrong",
            "3:refused by the server",
            "4:the server cannot be reached",
            "5:--dry-run found differences"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final String PATH = "/api/apply";

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The YAML file.")
    private Path file = Path.of("");

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose they are, where the file does not say.")
    private @Nullable String tenant;

    @Option(
            names = "--prune",
            description = "Delete what an earlier apply of the file made, and the file does not name.")
    private boolean prune;

    @Option(names = "--dry-run", description = "Print what differs, and change nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Specs.out(spec);
        ObjectNode wanted = new WantedFile(file, System.getenv()).read();
        if (tenant != null) {
            wanted.put("tenant", tenant);
        }
        wanted.put("prune", prune);
        ChangeReport report = new ChangeReport(out, Terminal.wantsColor(System.getenv()));
        JsonNode plan = send(wanted.put("dry_run", true));
        boolean differs = ChangeReport.differs(plan);
        if (!server.json()) {
            report.differences(plan);
        }
        if (dryRun || !differs) {
            end(out, report, plan);
            return dryRun && differs ? LonglineCommand.DIFFERENT : 0;
        }
        if (!yes && !agreed(out)) {
            throw CommandFailure.failed("nothing was changed");
        }
        JsonNode done =
                send(wanted.put("dry_run", false).put("plan", plan.path("plan").asText()));
        end(out, report, done);
        return 0;
    }

    private JsonNode send(ObjectNode wanted) {
        try {
            return server.client().send("POST", PATH, wanted);
        } catch (CommandFailure refused) {
            throw refused.of(file.toString());
        }
    }

    private void end(PrintWriter out, ChangeReport report, JsonNode answer) {
        if (server.json()) {
            out.println(answer);
            return;
        }
        ChangeReport.warnings(Specs.err(spec), answer);
        report.counts(answer);
        report.secrets(answer);
    }

    /** Asks whoever sits there; without anybody it is to be said beforehand. */
    private static boolean agreed(PrintWriter out) {
        if (!Terminal.hasIn()) {
            throw CommandFailure.usage("say --yes to have this done without being asked, or --dry-run to look only");
        }
        out.print("Do this? [y/N] ");
        out.flush();
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String answer = in.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException gone) {
            return false;
        }
    }
}
