package io.longline.store.sqlite;

import io.longline.store.StoreRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Has the driver load its native library from a folder of its own, which is gone again at once: what is loaded needs its
 * file no more, and neither a stop nor a kill leaves a megabyte behind in the temporary folder.
 */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static final List<String> PLACES = List.of("org.sqlite.lib.path", "org.sqlite.tmpdir");
    private static boolean loaded;

    private NativeLibrary() {}

    /** Loads it, unless this process has it already or somebody has named a place for it. */
    static synchronized void load() {
        if (loaded || PLACES.stream().anyMatch(place -> System.getProperty(place) != null)) {
            return;
        }
        Path folder = temporaryFolder();
        System.setProperty("org.sqlite.tmpdir", folder.toString());
        try {
            loaded = SQLiteJDBCLoader.initialize();
        } catch (Exception unloadable) {
            throw new StoreRefusedException("SQLite's native library cannot be loaded from " + folder
                    + "; name a folder to run it from with -Djava.io.tmpdir: " + unloadable.getMessage());
        } finally {
            System.clearProperty("org.sqlite.tmpdir");
            delete(folder);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("longline-");
        } catch (IOException fault) {
            throw new StoreRefusedException("the temporary folder " + System.getProperty("java.io.tmpdir")
                    + " cannot be written; name another with -Djava.io.tmpdir: " + fault.getMessage());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException inUse) {
            LOG.debug("the temporary folder {} is left behind: {}", folder, inUse.getMessage());
        }
    }
}
