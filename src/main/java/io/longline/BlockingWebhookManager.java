package io.longline;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WebhookManager} for programs without Vert.x: each call waits for its end and throws what it failed with, a
 * {@link LonglineException} for a refusal. For any thread but an event loop of Vert.x.
 */
public final class BlockingWebhookManager implements AutoCloseable {
    /** Longer than any call takes by itself: the slowest is a start that migrates a large store. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final WebhookManager manager;

    BlockingWebhookManager(WebhookManager manager) {
        this.manager = manager;
    }

    /** See {@link WebhookManager#start}. */
    public void start() {
        await(manager.start());
    }

    /** See {@link WebhookManager#registerWebhook}. */
    public String registerWebhook(WebhookConfig config) {
        return await(manager.registerWebhook(config));
    }

    /** See {@link WebhookManager#updateWebhook}. */
    public WebhookInfo updateWebhook(String webhookId, WebhookConfig changes) {
        return await(manager.updateWebhook(webhookId, changes));
    }

    /** See {@link WebhookManager#unregisterWebhook}. */
    public void unregisterWebhook(String webhookId) {
        await(manager.unregisterWebhook(webhookId));
    }

    /** See {@link WebhookManager#getWebhook}. */
    public WebhookInfo getWebhook(String webhookId) {
        return await(manager.getWebhook(webhookId));
    }

    /** See {@link WebhookManager#getWebhookSecret}. */
    public @Nullable String getWebhookSecret(String webhookId) {
        return await(manager.getWebhookSecret(webhookId));
    }

    /** See {@link WebhookManager#listWebhooks}. */
    public List<WebhookInfo> listWebhooks() {
        return await(manager.listWebhooks());
    }

    /** See {@link WebhookManager#getWebhookStats}. */
    public WebhookStats getWebhookStats(String webhookId) {
        return await(manager.getWebhookStats(webhookId));
    }

    /** See {@link WebhookManager#triggerEvent(String, Object)}. */
    public EventReceipt triggerEvent(String event, @Nullable Object data) {
        return await(manager.triggerEvent(event, data));
    }

    /** See {@link WebhookManager#triggerEvent(String, Object, Map)}. */
    public EventReceipt triggerEvent(String event, @Nullable Object data, Map<String, ?> metadata) {
        return await(manager.triggerEvent(event, data, metadata));
    }

    /** See {@link WebhookManager#trigger}. */
    public EventReceipt trigger(EventInput input) {
        return await(manager.trigger(input));
    }

    /** See {@link WebhookManager#triggerEvents}. */
    public List<EventReceipt> triggerEvents(List<EventInput> inputs) {
        return await(manager.triggerEvents(inputs));
    }

    /** See {@link WebhookManager#stop}. */
    public void stop() {
        await(manager.stop());
    }

    /** Stops. */
    @Override
    public void close() {
        stop();
    }

    static <T> T await(Future<T> future) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("an event loop must not wait: use the manager's futures here");
        }
        try {
            return future.toCompletionStage().toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw new LonglineException(
                    LonglineException.Reason.TRY_AGAIN, "no answer within " + LONGEST.toMinutes() + " minutes", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LonglineException(LonglineException.Reason.TRY_AGAIN, "interrupted while waiting", interrupted);
        }
    }
}
