package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The OpenAPI file, read when somebody first asks for it. For one thread. */
final class Contract {
    private static final String FILE = "/openapi.yaml";

    private final Vertx vertx;
    private @Nullable Future<byte[]> yaml;
    private @Nullable Future<byte[]> json;

    Contract(Vertx vertx) {
        this.vertx = vertx;
    }

    Future<byte[]> yaml() {
        Future<byte[]> known = yaml;
        if (known == null) {
            known = vertx.executeBlocking(Contract::read);
            yaml = known;
        }
        return known;
    }

    Future<byte[]> json() {
        Future<byte[]> known = json;
        if (known == null) {
            known = yaml().compose(bytes -> vertx.executeBlocking(() -> {
                JsonNode tree = new YAMLMapper().readTree(bytes);
                return Json.write(tree);
            }));
            json = known;
        }
        return known;
    }

    private static byte[] read() throws IOException {
        try (InputStream content = Contract.class.getResourceAsStream(FILE)) {
            if (content == null) {
                throw new IllegalStateException("the jar lacks " + FILE);
            }
            return content.readAllBytes();
        }
    }
}
