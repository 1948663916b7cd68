package io.longline.telemetry;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;

/** The meters of what Longline runs on: the virtual machine, its process, and Vert.x' pools. */
public final class ProcessMetrics implements AutoCloseable {
    private final Metrics metrics;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public ProcessMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Has a Vert.x tell of its pools, and of nothing else: what it would say of connections, requests and messages costs
     * each of them something, and has the receivers' names for labels. The labels of the pools keep their gauges apart.
     */
    public static VertxBuilder measure(VertxBuilder builder, VertxOptions options, Metrics metrics) {
        EnumSet<MetricsDomain> all = EnumSet.allOf(MetricsDomain.class);
        MicrometerMetricsOptions chosen =
                new MicrometerMetricsOptions().setEnabled(true).setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME));
        all.stream()
                .filter(domain -> domain != MetricsDomain.NAMED_POOLS)
                .forEach(domain -> chosen.addDisabledMetricsCategory(domain.toCategory()));
        return builder.with(options.setMetricsOptions(chosen))
                .withMetrics(new MicrometerMetricsFactory(metrics.registry()));
    }

    /** Begins to watch the virtual machine; takes some tens of milliseconds, and blocks. */
    public void begin() {
        new JvmMemoryMetrics().bindTo(metrics.registry());
        new JvmThreadMetrics().bindTo(metrics.registry());
        new ClassLoaderMetrics().bindTo(metrics.registry());
        new ProcessorMetrics().bindTo(metrics.registry());
        new UptimeMetrics().bindTo(metrics.registry());
        new FileDescriptorMetrics().bindTo(metrics.registry());
        collections.bindTo(metrics.registry());
    }

    @Override
    public void close() {
        collections.close();
    }
}
