package io.longline.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The jar's classes as an archive that the JDK maps instead of reading each of them anew, made as the documentation has
 * operators make it. It takes half of the cost from the start of each process, of which the tests start hundreds. The
 * first that is started makes it, beside the jar.
 */
final class ClassArchive {
    private static final Path FOLDER =
            Path.of(System.getProperty("longline.jar")).resolveSibling("class-archive");
    private static final String OPTION = make();

    private ClassArchive() {}

    /** The option that has a JDK use it; a JDK that cannot make one does without. */
    static String option() {
        return OPTION;
    }

    private static String make() {
        try {
            Files.createDirectories(FOLDER);
            // Tests run in several processes, and one of them makes it for all; closing the file ends the lock.
            try (FileChannel file =
                    FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.lock();
                Path archive = FOLDER.resolve(name());
                if (Files.notExists(archive)) {
                    dump(archive);
                }
                return Files.exists(archive) ? "-XX:SharedArchiveFile=" + archive : "-Xshare:auto";
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** An archive is good for one jar and one JDK: with another it would be passed over, with a warning on the output. */
    private static String name() throws IOException {
        Path jar = Path.of(System.getProperty("longline.jar"));
        return Files.getLastModifiedTime(jar).toMillis() + "-" + Runtime.version() + ".jsa";
    }

    /** A server's classes, and those of a call and a delivery. */
    private static void dump(Path archive) throws IOException {
        Path dumped = FOLDER.resolve("dumped.jsa");
        Path store = FOLDER.resolve("longline.db");
        Files.deleteIfExists(dumped);
        Files.deleteIfExists(store);
        List<String> command = LonglineProcess.command(FOLDER, "-XX:ArchiveClassesAtExit=" + dumped);
        command.addAll(List.of("--port", "0", "--store", "sqlite:" + store));
        try (Receiver receiver = new Receiver((path, id, nth) -> Receiver.Reaction.ACCEPT);
                LonglineProcess server = LonglineProcess.launch(FOLDER, Map.of(), command)) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/", List.of("*"), "");
            api.trigger("data.created", "{}");
            server.stop();
        }
        if (Files.exists(dumped)) {
            Files.move(dumped, archive, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
