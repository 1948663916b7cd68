package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueMarkTest {
    @Test
    void aQueue_isPastItsMark_untilItIsAFifthBelow() {
        QueueMark mark = QueueMark.at(100);

        assertThat(mark.seen(99).isPast()).isFalse();
        QueueMark past = mark.seen(100);
        assertThat(past.isPast()).isTrue();
        assertThat(past.seen(80).isPast()).isTrue();
        assertThat(past.seen(101)).isSameAs(past);
        assertThat(past.seen(79).isPast()).isFalse();
        assertThat(past.seen(79).seen(99).isPast()).isFalse();
    }

    @Test
    void withoutAMark_noQueueIsPastIt() {
        assertThat(QueueMark.at(0).seen(Long.MAX_VALUE).isPast()).isFalse();
    }
}
