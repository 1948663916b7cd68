package io.longline.cli;

import io.longline.cli.SignatureDiagnosis.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a request's signature, without any server, and says why it does not match. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar verify request.txt --secret 'whsec_…'%n%nUsage: ",
        description = {
            "Checks the signature of a request that a receiver got, and says why it does not match: wrong secret, changed"
                    + " body, old timestamp, re-serialised JSON. The request is a file with headers, an empty line and the"
                    + " body, as HTTP has it; - for standard input, to paste one. Or give the body with --body and each"
                    + " header with --header. Exits 0 when it is valid, 1 when it is not."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The request; - for standard input.")
    private @Nullable String request;

    @Option(names = "--body", paramLabel = "FILE", description = "The body alone, byte for byte.")
    private @Nullable Path bodyFile;

    @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "A header. May be repeated.")
    private List<String> given = new ArrayList<>();

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            required = true,
            defaultValue = "${env:LONGLINE_SECRET}",
            description = "The webhook's secret; LONGLINE_SECRET sets it as well, and shows it to no other user.")
    private String secret = "";

    @Option(
            names = "--tolerance",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How old the timestamp may be (300); 0 for any age.")
    private long tolerance = 300;

    @Option(names = "--json", description = "Print what was found as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, String> headers = new TreeMap<>();
        byte[] body = read(headers);
        given.forEach(line -> addHeader(headers, line));
        Finding found = new SignatureDiagnosis(headers, body, secret)
                .find(Instant.now(), Duration.ofSeconds(Math.max(0, tolerance)));
        if (json) {
            Specs.out(spec)
                    .println(ServerClient.JSON
                            .createObjectNode()
                            .put("valid", found.valid())
                            .put("cause", found.cause())
                            .put("why", found.why()));
        } else {
            Specs.out(spec).println((found.valid() ? "valid: " : "INVALID: ") + found.why());
        }
        return found.valid() ? 0 : LonglineCommand.FAILED;
    }

    private byte[] read(Map<String, String> headers) {
        if ((request == null) == (bodyFile == null)) {
            throw new ParameterException(Specs.line(spec), "give the request as FILE (or -), or its body with --body");
        }
        try {
            if (bodyFile != null) {
                return Files.readAllBytes(bodyFile);
            }
            byte[] all = "-".equals(request)
                    ? System.in.readNBytes(MOST_BYTES)
                    : Files.readAllBytes(Path.of(String.valueOf(request)));
            return split(all, headers);
        } catch (IOException unreadable) {
            throw CommandFailure.usage((bodyFile == null ? request : bodyFile) + " cannot be read");
        }
    }

    /** Headers up to the first empty line, whichever line ends they have; the rest is the body, byte for byte. */
    private byte[] split(byte[] all, Map<String, String> headers) {
        int from = 0;
        for (int index = 0; index < all.length; index++) {
            if (all[index] != '\n') {
                continue;
            }
            String line = new String(all, from, index - from, StandardCharsets.UTF_8).strip();
            from = index + 1;
            if (line.isEmpty()) {
                return Arrays.copyOfRange(all, from, all.length);
            }
            // The first line of a whole request, such as POST /hook HTTP/1.1, is no header.
            if (!line.matches("[A-Z]+ \\S+( HTTP/[0-9.]+)?")) {
                addHeader(headers, line);
            }
        }
        throw CommandFailure.usage("the request has no empty line between its headers and its body");
    }

    private void addHeader(Map<String, String> headers, String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw CommandFailure.usage("this is no header, which would have a colon: " + Table.clean(line));
        }
        headers.put(
                line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                line.substring(colon + 1).strip());
    }
}
