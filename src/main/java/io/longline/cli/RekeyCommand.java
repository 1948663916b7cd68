package io.longline.cli;

import io.longline.SealDesk;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Seals every secret in the store with the current master key. */
@Command(
        name = "rekey",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar rekey --config longline.yaml%n%nUsage: ",
        description = {
            "Seals every secret in the store with secrets.master_key: those that are plain, and those that one of"
                    + " secrets.previous_master_keys sealed. The server must be stopped; the file is written anew, which"
                    + " takes as much room again."
        })
final class RekeyCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofHours(12);

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        return new StoreTask(options, Specs.err(spec), LONGEST)
                .run((vertx, settings, time) -> new SealDesk(vertx, settings, time).rekey(), count -> {
                    Specs.out(spec)
                            .println("The secrets of " + count + " webhooks and sources are sealed with this key.");
                    return 0;
                });
    }
}
