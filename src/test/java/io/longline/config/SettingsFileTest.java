package io.longline.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.longline.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file in {@code conf} holds every setting with exactly its default and a comment, and loads. */
class SettingsFileTest {
    private static final Path FILE = Path.of("conf/longline.yaml");

    @Test
    void file_loadsWithoutFaultAndChangesNothing() {
        Loaded loaded = SettingsLoader.load(Map.of(), Map.of(), FILE);

        assertThat(loaded.faults()).isEmpty();
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.settings())
                .usingRecursiveComparison()
                .ignoringFields("effective")
                .isEqualTo(SettingsLoader.load(Map.of(), Map.of(), null).settings());
    }

    @Test
    void file_holdsEverySettingWithItsDefaultInOrder() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        SettingsCatalogue.all().forEach(setting -> expected.put(setting.key(), setting.defaultText()));

        Map<String, String> written = new LinkedHashMap<>();
        JsonNode root = new YAMLMapper().readTree(Files.readString(FILE));
        root.properties()
                .forEach(section -> section.getValue()
                        .properties()
                        .forEach(entry -> written.put(
                                section.getKey() + "." + entry.getKey(),
                                entry.getValue().asText())));

        assertThat(written).containsExactlyEntriesOf(expected);
    }

    @Test
    void file_saysOfEverySettingWhatItDoes() throws IOException {
        List<String> comments = new ArrayList<>();
        String last = "";
        for (String line : Files.readAllLines(FILE)) {
            if (line.matches("  [a-z_]+: .*")) {
                comments.add(last.strip());
            }
            last = line;
        }

        assertThat(comments)
                .usingElementComparator(String::compareToIgnoreCase)
                .containsExactlyElementsOf(SettingsCatalogue.all().stream()
                        .map(setting -> "# " + setting.description() + ".")
                        .toList());
    }

    @Test
    void file_isInTheJarAsItStandsHere() throws IOException {
        try (InputStream packaged = SettingsLoader.class.getResourceAsStream("/conf/longline.yaml")) {
            assertThat(packaged).isNotNull();
            assertThat(packaged.readAllBytes()).isEqualTo(Files.readAllBytes(FILE));
        }
    }
}
