package io.longline.cli;

import io.longline.bench.Relay;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.RequestOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the relay that the benchmark compares with; started by the benchmark itself. */
@Command(
        name = "bench-relay",
        hidden = true,
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar bench --baseline%n%nUsage: ",
        description = "Relays events without storing them, for bench --baseline.")
final class BenchRelayCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        TimeSource time = new TimeSource(Clock.systemUTC(), System::nanoTime);
        IdGenerator ids = new IdGenerator(time::wallMillis, new SecureRandom());
        Map<String, List<RequestOptions>> subscribers = Relay.noSubscribers();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Relay first = new Relay(vertx, time, ids, subscribers);
        List<Future<?>> deployed = new ArrayList<>();
        deployed.add(vertx.deployVerticle(first));
        for (int more = 1; more < Runtime.getRuntime().availableProcessors(); more++) {
            deployed.add(vertx.deployVerticle(new Relay(vertx, time, ids, subscribers)));
        }
        Future.all(deployed).toCompletionStage().toCompletableFuture().get();
        if (spec != null) {
            spec.commandLine().getOut().println("Relaying at http://localhost:" + first.port());
        }
        return LonglineCommand.RUNNING;
    }
}
