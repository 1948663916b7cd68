package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * The jar's classes as an archive that the JDK maps instead of reading each of them anew. It takes half of the cost from the
 * start of each server, of which the tests start hundreds. The first that is started makes it, beside the jar; where none
 * can be made, the tests take longer.
 */
final class ClassArchive {
    private static final Duration LONGEST_DUMP = Duration.ofMinutes(2);
    private static final Path JAR = Path.of(System.getProperty("longline.jar"));
    private static final Path FOLDER = JAR.resolveSibling("class-archive");
    private static String option = "";

    private ClassArchive() {}

    /** The option that has a JDK use it. */
    static synchronized String option() {
        if (option.isEmpty()) {
            option = find();
        }
        return option;
    }

    private static String find() {
        try {
            return "-XX:SharedArchiveFile=" + made();
        } catch (IOException | RuntimeException | AssertionError fault) {
            System.out.println("ClassArchive: none can be made, and each process reads its classes anew: " + fault);
            return "-Xshare:auto";
        }
    }

    private static Path made() throws IOException {
        Files.createDirectories(FOLDER);
        // An archive is good for one jar and one JDK: with another it would be passed over, with a warning on the
        // output.
        Path archive = FOLDER.resolve(Files.getLastModifiedTime(JAR).toMillis() + "-" + Runtime.version() + ".jsa");
        // Tests run in several processes, and one of them makes it for all; closing the file ends the lock.
        try (FileChannel file =
                FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.lock();
            if (Files.notExists(archive)) {
                removeOlder();
                Files.move(dump(Files.createTempDirectory(FOLDER, "dump")), archive, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return archive;
    }

    private static void removeOlder() throws IOException {
        try (DirectoryStream<Path> older = Files.newDirectoryStream(FOLDER, "*.jsa")) {
            for (Path archive : older) {
                Files.delete(archive);
            }
        }
    }

    /** A server's classes, and those of a call and a delivery. */
    private static Path dump(Path folder) throws IOException {
        Path dumped = folder.resolve("longline.jsa");
        try (Receiver receiver = new Receiver((path, id, nth) -> Receiver.Reaction.ACCEPT);
                LonglineProcess server = LonglineProcess.startServer(
                        folder.resolve("longline.db"), List.of("-XX:ArchiveClassesAtExit=" + dumped))) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/", List.of("*"), "");
            api.trigger("data.created", "{}");
            await().atMost(LonglineProcess.PATIENCE)
                    .until(() -> !receiver.arrivals().isEmpty() && api.pending() == 0);
            server.terminate();
            assertThat(server.exitCode(LONGEST_DUMP))
                    .as("exit code; %s", server.err())
                    .isZero();
        }
        return dumped;
    }
}
