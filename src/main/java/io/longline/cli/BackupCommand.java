package io.longline.cli;

import io.longline.BackupDesk;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies the store while a server goes on with it. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        synopsisHeading =
                "Example: java -jar longline.jar backup longline-backup.db --store sqlite:longline.db%n%nUsage: ",
        description = {
            "Copies the store to a file, while a server works on it or not. The copy is the store as of one moment; it is"
                    + " read and counted once more before it gets its name. It needs no key, but the file's owner."
        })
final class BackupCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofHours(12);

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The copy; must not exist.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print what was copied as JSON.")
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
                                .backUp(file)
                                .onComplete(done -> bar.end()),
                        summary -> RestoreCommand.print(Specs.out(spec), summary, json, file + " holds"));
    }
}
