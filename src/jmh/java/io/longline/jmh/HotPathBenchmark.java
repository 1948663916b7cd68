package io.longline.jmh;

import io.longline.bus.EventPayload;
import io.longline.dispatch.SubscriptionIndex;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.RetryPolicy;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.Backoff;
import io.longline.security.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The pure parts that every event goes through: matching, payload building, signing, and the backoff of a failure. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotPathBenchmark {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final String EVENT = "payment.invoice.paid";
    private static final String EVENT_ID = "evt_06f1n8w0g5t5x2c0v3q9z7k4m1";
    private static final byte[] DATA =
            ("{\"text\":\"" + "x".repeat(500) + "\"}").getBytes(StandardCharsets.UTF_8);
    private static final byte[] METADATA = "{\"source\":\"api\"}".getBytes(StandardCharsets.UTF_8);
    private static final RetryPolicy POLICY = new RetryPolicy(10, Duration.ofSeconds(5), null);

    /** Webhooks registered, a hundred of which the event goes to. */
    @Param({"100", "10000"})
    private int registered;

    private SubscriptionIndex index;
    private Signer signer;
    private Payload payload;
    private Random chance;
    private int failures;

    /** Registers the webhooks. */
    @Setup
    public void prepare() {
        chance = new Random(1);
        IdGenerator ids = new IdGenerator(NOW::toEpochMilli, chance);
        index = new SubscriptionIndex();
        for (int number = 0; number < registered; number++) {
            String pattern = number >= 100 ? "other." + number : number % 2 == 0 ? "payment.*" : EVENT;
            index.put(new WebhookBuilder(ids.webhook(), NOW)
                    .url("https://example.com/hook")
                    .events(List.of(pattern))
                    .build());
        }
        signer = Signer.of(SigningSecrets.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), NOW);
        payload = EventPayload.of(EVENT_ID, EVENT, NOW, DATA, METADATA);
    }

    /** Which webhooks an event goes to. */
    @Benchmark
    public Collection<WebhookId> match() {
        return index.match(Webhook.DEFAULT_TENANT, EVENT);
    }

    /** The bytes that are stored and sent, from data of 512 bytes. */
    @Benchmark
    public Payload buildPayload() {
        return EventPayload.of(EVENT_ID, EVENT, NOW, DATA, METADATA);
    }

    /** Both signatures of one request. */
    @Benchmark
    public int sign() {
        return signer.bodySignature(payload).length()
                + signer.standardSignature(EVENT_ID, NOW, payload).length();
    }

    /** When a failed delivery is tried again. */
    @Benchmark
    public Optional<Duration> backoff() {
        failures = failures % 10 + 1;
        return Backoff.afterFailure(POLICY, failures, chance);
    }
}
