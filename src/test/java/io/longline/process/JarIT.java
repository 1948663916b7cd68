package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The same sources make the same jar, byte for byte: nothing in it tells when, where or in which order it was made. */
class JarIT {
    private static final LocalDateTime MADE = LocalDateTime.of(2026, 11, 23, 0, 0);

    private static List<ZipEntry> entries() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("longline.jar"))) {
            return jar.stream().map(ZipEntry.class::cast).toList();
        }
    }

    @Test
    void everyEntry_bearsTheBuildsFixedTime() throws IOException {
        assertThat(entries())
                .hasSizeGreaterThan(1_000)
                .allSatisfy(entry ->
                        assertThat(entry.getTimeLocal()).as(entry.getName()).isEqualTo(MADE));
    }

    @Test
    void noEntry_isThereTwice() throws IOException {
        Set<String> seen = new HashSet<>();
        List<String> twice = new ArrayList<>();
        entries().forEach(entry -> {
            if (!seen.add(entry.getName())) {
                twice.add(entry.getName());
            }
        });

        assertThat(twice).isEmpty();
    }

    @Test
    void manifest_saysNothingOfTheMachineItWasMadeOn() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("longline.jar"))) {
            assertThat(jar.getManifest().getMainAttributes().keySet())
                    .extracting(Object::toString)
                    .doesNotContain("Built-By", "Build-Time", "Build-Host");
        }
    }
}
