package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantsTest {
    @ParameterizedTest
    @CsvSource({
        "admin, true, true, true",
        "read, false, true, false",
        "publish, false, false, true",
        "read publish, false, true, true",
        "tenant:acme, true, true, true",
        "tenant:acme read, false, true, false",
        "admin tenant:acme, true, true, true"
    })
    void words_sayWhatIsAllowed(String words, boolean admin, boolean read, boolean publish) {
        Grants grants = Grants.of(List.of(words.split(" ")));

        assertThat(grants.allow(Scope.ADMIN)).isEqualTo(admin);
        assertThat(grants.allow(Scope.READ)).isEqualTo(read);
        assertThat(grants.allow(Scope.PUBLISH)).isEqualTo(publish);
        assertThat(grants.tenant()).isEqualTo(words.contains("tenant:acme") ? "acme" : null);
        assertThat(Grants.of(grants.words())).isEqualTo(grants);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Admin", "all", "tenant:", "tenant:a b", "tenant:*", "tenant:a/b", "write"})
    void wordThatIsNone_isRefused(String word) {
        assertThat(Grants.fault(word)).isPresent();
    }

    @Test
    void words_areToBeSome_withOneTenantAtMost() {
        assertThat(Grants.faultOfAll(List.of())).isPresent();
        assertThat(Grants.faultOfAll(List.of("tenant:a", "tenant:b"))).isPresent();
        assertThat(Grants.faultOfAll(List.of("tenant:a", "tenant:a", "read"))).isEmpty();
        assertThatThrownBy(() -> new Grants(Set.of(), null)).isInstanceOf(IllegalArgumentException.class);
    }
}
