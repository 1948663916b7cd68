package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BuiltInEventTypeTest {
    @Test
    void builtInTypes_areThoseOfTheContract() {
        assertThat(BuiltInEventType.all())
                .extracting(BuiltInEventType::typeName)
                .containsExactly(
                        "system.startup",
                        "system.shutdown",
                        "system.error",
                        "data.created",
                        "data.updated",
                        "data.deleted",
                        "process.started",
                        "process.completed",
                        "process.failed",
                        "health.check",
                        "alert.triggered",
                        "metric.threshold");
    }

    @ParameterizedTest
    @CsvSource({
        "system.error, system",
        "data.created, data",
        "process.failed, process",
        "health.check, monitoring",
        "alert.triggered, monitoring"
    })
    void type_isFoundByItsNameWithItsCategory(String name, String category) {
        assertThat(BuiltInEventType.named(name))
                .hasValueSatisfying(type -> assertThat(type.category().text()).isEqualTo(category));
    }

    @Test
    void customName_isNoBuiltInType() {
        assertThat(BuiltInEventType.named("order.created")).isEmpty();
    }

    /** Deliveries of these never raise further ones: an alert about the receiver of alerts would never end. */
    @ParameterizedTest
    @CsvSource({
        "system.startup, true",
        "system.shutdown, true",
        "system.error, true",
        "alert.triggered, true",
        "metric.threshold, true",
        "data.created, false",
        "health.check, false",
        "order.created, false"
    })
    void longlinesOwnTypes_areKnownAsSuch(String name, boolean own) {
        assertThat(BuiltInEventType.isRaisedByLongline(name)).isEqualTo(own);
    }

    @ParameterizedTest
    @EnumSource(DeliveryStatus.class)
    void deliveryStatus_isReadBackFromItsWord(DeliveryStatus status) {
        assertThat(DeliveryStatus.parse(status.text())).contains(status);
        assertThat(DeliveryStatus.parse(status.name())).isEmpty();
        assertThat(status.isFinal()).isEqualTo(status != DeliveryStatus.PENDING);
    }
}
