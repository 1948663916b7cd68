package io.longline.api;

import io.vertx.core.Future;

/** Handles the calls of one route; what it throws or fails with as a {@link Problem} is the answer. */
@FunctionalInterface
interface Endpoint {
    Future<Response> handle(Call call);
}
