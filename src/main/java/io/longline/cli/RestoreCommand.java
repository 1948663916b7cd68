package io.longline.cli;

import io.longline.BackupDesk;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a copy of the store back in its place. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        synopsisHeading =
                "Example: java -jar longline.jar restore longline-backup.db --store sqlite:longline.db%n%nUsage: ",
        description = {
            "Puts a copy made by backup in the store's place. The server must be stopped. Refuses to replace a store that"
                    + " holds newer things, unless forced. Deliveries that waited when the copy was made are sent again."
        })
final class RestoreCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofHours(12);

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The copy.")
    private Path file = Path.of("");

    @Option(names = "--force", description = "Replace a store that is newer, or that cannot be read.")
    private boolean force;

    @Option(names = "--json", description = "Print what was restored as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = Specs.err(spec);
        ProgressBar bar = new ProgressBar(err, Terminal.hasErr(), "pages", System::nanoTime);
        return new StoreTask(options, err, LONGEST)
                .run(
                        (vertx, settings, time) -> new BackupDesk(vertx, settings, bar::at)
                                .restore(file, force)
                                .onComplete(done -> bar.end()),
                        summary -> print(Specs.out(spec), summary, json, "The store holds"));
    }

    static int print(PrintWriter out, BackupDesk.Summary summary, boolean json, String begin) {
        if (json) {
            out.println(new JsonObject()
                    .put("bytes", summary.bytes())
                    .put("webhooks", summary.webhooks())
                    .put("events", summary.events())
                    .put("deliveries", summary.deliveries())
                    .put("newest_at", summary.newestAt().isEmpty() ? null : summary.newestAt())
                    .encode());
            return 0;
        }
        out.println(String.format(
                Locale.ROOT,
                "%s %,d webhooks, %,d events, %,d deliveries (%,d bytes), and was checked.",
                begin,
                summary.webhooks(),
                summary.events(),
                summary.deliveries(),
                summary.bytes()));
        return 0;
    }
}
