package io.longline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference of settings in the documentation is written from the one list of them, and never lags behind it. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("src/site/markdown/configuration.md");
    private static final String HOW = "./mvnw test -Dtest=ConfigurationPageTest -Dlongline.write";

    private static final String HEAD = """
            # Configuration

            Every setting, with its default. Where several say something about one, the command line comes first, then the
            environment, then the file given with `--config`, then the default. A setting that does not exist, or a value
            that cannot be, stops the start with one line that names it; a variable that begins with `LONGLINE_` and names no
            setting is warned of.

            ```
            java -jar longline.jar serve --port 9000
            LONGLINE_SERVER_PORT=9000 java -jar longline.jar serve
            java -jar longline.jar serve --config longline.yaml
            ```

            In the file the part before the dot is a section. `conf/longline.yaml` has every setting as it is by default, to
            copy from. `GET /api/settings` tells what is in force and who said so.
            """;

    @Test
    void page_isWhatTheSettingsSay() throws IOException {
        String page = render();
        if (System.getProperty("longline.write") != null) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).as("written anew by: " + HOW).isEqualTo(page);
    }

    private static String render() {
        StringBuilder page = new StringBuilder(HEAD);
        String section = "";
        for (Setting setting : SettingsCatalogue.all()) {
            String key = setting.key();
            String its = key.substring(0, key.indexOf('.'));
            if (!its.equals(section)) {
                section = its;
                page.append("\n## ")
                        .append(section)
                        .append(
                                "\n\n| setting | default | what it does | value | environment |\n|---|---|---|---|---|\n");
            }
            page.append("| `")
                    .append(key)
                    .append("` | `")
                    .append(setting.defaultText())
                    .append("` | ")
                    .append(setting.description().replace("*", "\\*").replace("|", "\\|"))
                    .append(" | ")
                    .append(value(setting.kind()))
                    .append(" | `")
                    .append(setting.environmentName())
                    .append("` |\n");
        }
        return page.toString();
    }

    private static String value(Setting.Kind kind) {
        if (kind instanceof Setting.Whole whole) {
            return whole.least() + " to " + whole.most();
        }
        if (kind instanceof Setting.Choice choice) {
            return "`" + String.join("`, `", choice.words()) + "`";
        }
        return kind instanceof Setting.Flag ? "`true`, `false`" : "text";
    }
}
