package io.longline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fetches everything that may be imported again. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar export -o longline-export.json --with-secrets%n%nUsage: ",
        description = {
            "Writes the server's webhooks and sources as JSON, which import takes again. Without --with-secrets it holds no"
                    + " secret; with it the file is for its owner alone, and the server notes who asked."
        })
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--with-secrets", description = "Secrets too.")
    private boolean withSecrets;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant's.")
    private @Nullable String tenant;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; standard output when left out. Must not exist.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Replace the file if it exists.")
    private boolean force;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("with_secrets", withSecrets ? true : null);
        query.put("tenant", tenant);
        String path = ServerClient.path("/api/export", query);
        Path file = output;
        if (file == null) {
            try (InputStream in = server.client().stream(path, Map.of())) {
                in.transferTo(System.out);
                System.out.flush();
            } catch (IOException broken) {
                throw CommandFailure.failed("the export broke off: what was printed is not whole");
            }
            return 0;
        }
        if (Files.exists(file) && !force) {
            throw CommandFailure.failed(file + " exists; --force replaces it");
        }
        write(path, file);
        Specs.err(spec).println(file + " is written" + (withSecrets ? ", with secrets, for you alone" : ""));
        return 0;
    }

    /** Under another name until it is whole. */
    private void write(String path, Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            try (InputStream in = server.client().stream(path, Map.of());
                    OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                            part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes()))) {
                in.transferTo(out);
            }
            if (force) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(part, file);
            }
        } catch (FileAlreadyExistsException exists) {
            throw CommandFailure.failed(file + " exists; --force replaces it");
        } catch (IOException broken) {
            throw CommandFailure.failed(
                    file + " is not written: the export broke off, or the folder cannot be written");
        } finally {
            remove(part);
        }
    }

    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException stays) {
            // Whoever cannot delete it could not write it either, and was told so.
            return;
        }
    }

    private FileAttribute<?>[] attributes() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return withSecrets && posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
