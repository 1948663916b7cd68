package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
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

    /** What comes from a library bears that library's time, which its version pins. */
    @Test
    void everyEntryOfOurs_bearsTheBuildsFixedTime_andNoneALaterOne() throws IOException {
        List<ZipEntry> entries = entries();

        assertThat(entries)
                .hasSizeGreaterThan(1_000)
                .allSatisfy(entry ->
                        assertThat(entry.getTimeLocal()).as(entry.getName()).isBeforeOrEqualTo(MADE));
        assertThat(entries.stream().filter(JarIT::isOurs))
                .hasSizeGreaterThan(200)
                .allSatisfy(entry ->
                        assertThat(entry.getTimeLocal()).as(entry.getName()).isEqualTo(MADE));
    }

    private static boolean isOurs(ZipEntry entry) {
        return Stream.of("io/longline/", "conf/", "db/", "webroot/", "openapi.yaml", "META-INF/MANIFEST.MF")
                .anyMatch(entry.getName()::startsWith);
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
