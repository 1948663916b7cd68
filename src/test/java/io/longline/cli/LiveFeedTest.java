package io.longline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
    private final LiveFeed feed = new LiveFeed();
    private final List<String> heard = new ArrayList<>();

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A connection that breaks after that text. */
    private static InputStream breaking(String text) {
        return new SequenceInputStream(stream(text), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cut");
            }
        });
    }

    private void follow(InputStream stream) throws IOException {
        feed.follow(stream, (kind, data) -> heard.add(kind + " " + data), () -> false);
    }

    @Test
    void whatIsWhole_counts_andWhatCameInPartDoesNot() throws IOException {
        assertThat(feed.headers()).isEmpty();

        assertThatThrownBy(
                        () -> follow(
                                breaking(
                                        "retry: 1\n\nid: e-1\n\nid: e-2\nevent: delivery\ndata: {\"n\":2}\n\n: beat\n\nid: e-3\nevent: delivery\n")))
                .isInstanceOf(IOException.class);

        assertThat(feed.headers()).isEqualTo(Map.of("Last-Event-ID", "e-2"));
        follow(stream("id: e-2\n\nid: e-3\nevent: delivery\ndata: 3\n\ndata: nothing of e-4"));
        assertThat(heard).containsExactly("delivery {\"n\":2}", "delivery 3");
        assertThat(feed.headers()).isEqualTo(Map.of("Last-Event-ID", "e-3"));
    }

    @Test
    void whatFailsToBeHandled_comesAgain() throws IOException {
        follow(stream("id: e-1\nevent: delivery\ndata: 1\n\n"));

        assertThatThrownBy(() -> feed.follow(
                        stream("id: e-2\nevent: delivery\ndata: 2\n\n"),
                        (kind, data) -> {
                            throw CommandFailure.unreachable("no server");
                        },
                        () -> false))
                .isInstanceOf(CommandFailure.class);

        assertThat(feed.headers()).isEqualTo(Map.of("Last-Event-ID", "e-1"));
        follow(stream("id: e-2\nevent: delivery\ndata: 2\n\n"));
        assertThat(heard).containsExactly("delivery 1", "delivery 2");
    }
}
