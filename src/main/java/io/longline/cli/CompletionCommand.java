package io.longline.cli;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options, for bash and, by its own emulation of bash's, zsh. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: source <(java -jar longline.jar completion)%n%nUsage: ",
        description = {
            "Prints a script for bash and zsh that completes a command called longline, such as an alias or a script that"
                    + " runs java -jar longline.jar."
        })
final class CompletionCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Specs.out(spec).print(AutoComplete.bash("longline", Specs.line(spec).getParent()));
        Specs.out(spec).flush();
    }
}
