package io.longline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the server, as the command line without a subcommand does. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar serve --config longline.yaml%n%nUsage: ",
        description = "Starts the server.")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ServeOptions options = new ServeOptions();

    @Override
    public Integer call() {
        return new Serving(options).run();
    }
}
