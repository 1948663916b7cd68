package io.longline.cli;

import io.longline.security.SignatureCheck;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A receiver to try things with: prints each request, says whether its signature holds, and fails when asked to. */
@Command(
        name = "receive",
        mixinStandardHelpOptions = true,
        synopsisHeading =
                "Example: java -jar longline.jar receive --port 9000 --secret my-secret --fail 30%%%n%nUsage: ",
        description = "Listens for webhooks, verifies their signatures, and prints what arrives.")
final class ReceiveCommand implements Callable<Integer> {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})%?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s)?");
    private static final int OK = 200;
    private static final int FAILING = 500;
    private static final int MAX_BODY = 16 * 1_048_576;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on (${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "9000", description = "Port to listen on (${DEFAULT-VALUE}).")
    private int port = 9_000;

    @Option(names = "--secret", description = "The webhook's secret, to verify signatures with.")
    private @Nullable String secret;

    @Option(names = "--fail", defaultValue = "0%", description = "Share of requests to answer 500, such as 30%%.")
    private String fail = "0%";

    @Option(names = "--delay", defaultValue = "0s", description = "Wait before each answer, such as 2s or 500ms.")
    private String delay = "0s";

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec().commandLine().getOut();
        int failPercent = failPercent();
        long delayMillis = delayMillis();
        @Nullable SignatureCheck check = check();
        SplittableRandom chance = new SplittableRandom();
        Vertx vertx = Vertx.vertx();
        try {
            int listening = vertx.createHttpServer()
                    .requestHandler(request -> request.body().onSuccess(body -> {
                        boolean fails = chance.nextInt(100) < failPercent || body.length() > MAX_BODY;
                        print(out, request, body, check, fails ? FAILING : OK);
                        answer(vertx, request, fails ? FAILING : OK, delayMillis);
                    }))
                    .listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .actualPort();
            out.println("Listening on http://" + host + ":" + listening + "/"
                    + (check == null ? " (give --secret to verify signatures)" : ""));
            return LonglineCommand.RUNNING;
        } catch (ExecutionException fault) {
            String why = fault.getCause() instanceof IOException
                    ? "the port is in use or not yours to take; choose another with --port"
                    : String.valueOf(fault.getMessage());
            spec().commandLine().getErr().println("longline: cannot listen on " + host + ":" + port + ": " + why);
            vertx.close();
            return LonglineCommand.FAILED;
        }
    }

    private static void print(
            PrintWriter out, HttpServerRequest request, Buffer body, @Nullable SignatureCheck check, int status) {
        String line = request.method() + " " + request.path() + "  event=" + request.getHeader("X-Webhook-Event")
                + "  attempt=" + request.getHeader("X-Webhook-Attempt") + "  signature="
                + verdict(request, body, check) + "  answered " + status;
        out.println(clean(line));
        out.println("  " + clean(body.toString(StandardCharsets.UTF_8)));
    }

    private static String verdict(HttpServerRequest request, Buffer body, @Nullable SignatureCheck check) {
        if (check == null) {
            return "unchecked";
        }
        return switch (check.check(request::getHeader, body.getBytes())) {
            case VALID -> "valid";
            case INVALID -> "INVALID";
            case MISSING -> "MISSING";
        };
    }

    private static void answer(Vertx vertx, HttpServerRequest request, int status, long delayMillis) {
        Runnable end = () -> request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(status == OK ? "{\"received\":true}" : "{\"received\":false}");
        if (delayMillis > 0) {
            vertx.setTimer(delayMillis, id -> end.run());
        } else {
            end.run();
        }
    }

    /** What a stranger sent never moves the cursor or starts a line of its own. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private @Nullable SignatureCheck check() {
        if (secret == null) {
            return null;
        }
        try {
            return new SignatureCheck(secret);
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec().commandLine(), "--secret cannot be used: " + unusable.getMessage());
        }
    }

    private int failPercent() {
        Matcher matcher = PERCENT.matcher(fail);
        int percent = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
        if (percent < 0 || percent > 100) {
            throw new ParameterException(spec().commandLine(), "--fail must be a share such as 30%, not " + fail);
        }
        return percent;
    }

    private long delayMillis() {
        Matcher matcher = DURATION.matcher(delay);
        if (!matcher.matches()) {
            throw new ParameterException(spec().commandLine(), "--delay must be a time such as 2s, not " + delay);
        }
        long number = Long.parseLong(matcher.group(1));
        return "ms".equals(matcher.group(2)) ? number : number * 1_000;
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("the command was not parsed");
        }
        return spec;
    }
}
