package io.longline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a server started like this would go by. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar config --config longline.yaml%n%nUsage: ",
        description = {
            "Prints every setting with its value and where that comes from, as a server with these options and this"
                    + " environment would start; secrets are masked. Exits 2 when it would not start."
        })
final class ConfigCommand implements Callable<Integer> {
    private static final String UNCHANGED = "the default";

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Option(names = "--json", description = "Print them as JSON.")
    private boolean json;

    @Option(names = "--changed", description = "Only those that are not the default.")
    private boolean changed;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        SettingsLoader.Loaded loaded = SettingsLoader.load(options.flags(), System.getenv(), options.config);
        Settings settings = loaded.settings();
        if (settings == null) {
            loaded.faults().forEach(fault -> Specs.error(spec, fault));
            return LonglineCommand.USAGE;
        }
        ObjectNode answer = ServerClient.JSON.createObjectNode();
        ArrayNode data = answer.putArray("data");
        settings.effective().stream()
                .filter(setting -> !changed || !setting.origin().equals(UNCHANGED))
                .forEach(setting -> data.addObject()
                        .put("key", setting.key())
                        .put("origin", setting.origin())
                        .putPOJO("value", setting.value()));
        new Table()
                .column("SETTING", "/key")
                .column("VALUE", "/value")
                .column("FROM", "/origin")
                .print(Specs.out(spec), ServerClient.JSON.valueToTree(answer), json);
        return 0;
    }
}
