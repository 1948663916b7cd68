package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** In another folder, under another name of the time zone and of the language, and without what an earlier build left. */
    @Test
    void secondBuild_elsewhereMakesTheSameBytes(@TempDir Path folder) throws Exception {
        for (String part : List.of("pom.xml", "mvnw", ".mvn", "src/main", "conf", "webroot")) {
            copy(Path.of(part), folder.resolve(part));
        }
        Path output = folder.resolve("output.txt");
        ProcessBuilder build = new ProcessBuilder(
                        "./mvnw",
                        "--offline",
                        "--batch-mode",
                        "-Dmaven.repo.local=" + System.getProperty("maven.repository"),
                        "-Dmaven.test.skip=true",
                        "-Dspotless.check.skip=true",
                        "-Dcyclonedx.skip=true",
                        "package")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        build.environment().put("TZ", "Pacific/Chatham");
        build.environment().put("LC_ALL", "C");
        Process running = build.start();
        try {
            assertThat(running.waitFor(5, TimeUnit.MINUTES))
                    .as("the build ended")
                    .isTrue();
        } finally {
            running.destroy();
        }

        assertThat(running.exitValue()).as(Files.readString(output)).isZero();
        Path jar = Path.of(System.getProperty("longline.jar"));
        assertThat(Files.mismatch(jar, folder.resolve("target/longline.jar")))
                .as("first byte that differs")
                .isEqualTo(-1);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(target.toAbsolutePath().getParent());
                if (!Files.isDirectory(path)) {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
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
