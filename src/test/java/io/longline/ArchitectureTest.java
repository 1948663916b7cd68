package io.longline;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/** Dependencies point one way. The map below is the whole of it: a package may use those named, itself, and libraries. */
class ArchitectureTest {
    private static final String ROOT = "io.longline";
    private static final int FEWEST_CLASSES = 120;

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("policy", Set.of("model")),
            Map.entry("security", Set.of("model")),
            Map.entry("config", Set.of("policy", "security")),
            Map.entry("store", Set.of("model", "policy")),
            Map.entry("store.sql", Set.of("model", "policy", "store")),
            Map.entry("store.sqlite", Set.of("config", "model", "store", "store.sql")),
            Map.entry("store.sealed", Set.of("model", "security", "store")),
            Map.entry("bus", Set.of("model", "store")),
            Map.entry(
                    "dispatch",
                    Set.of("bus", "catalogue", "config", "expression", "model", "policy", "store", "telemetry")),
            Map.entry("catalogue", Set.of("bus", "model", "policy")),
            Map.entry("exchange", Set.of("bus")),
            Map.entry("exchange.original", Set.of()),
            Map.entry("expression", Set.of("model")),
            Map.entry("format", Set.of("expression", "model")),
            Map.entry(
                    "delivery", Set.of("bus", "config", "format", "model", "policy", "security", "store", "telemetry")),
            Map.entry("adapter", Set.of("model")),
            Map.entry("adapter.outbox", Set.of("bus", "config", "model", "policy", "store")),
            Map.entry(
                    "api",
                    Set.of(
                            "adapter",
                            "bus",
                            "catalogue",
                            "config",
                            "exchange",
                            "expression",
                            "format",
                            "model",
                            "policy",
                            "security",
                            "store",
                            "telemetry")),
            Map.entry("telemetry", Set.of("config", "model", "store")),
            Map.entry("bench", Set.of("bus", "model", "security")),
            Map.entry(
                    "cli",
                    Set.of(
                            "",
                            "adapter.outbox",
                            "bench",
                            "config",
                            "exchange.original",
                            "model",
                            "security",
                            "store",
                            "telemetry")),
            // Where parts are put together.
            Map.entry(
                    "",
                    Set.of(
                            "adapter",
                            "adapter.outbox",
                            "api",
                            "bus",
                            "cli",
                            "config",
                            "delivery",
                            "dispatch",
                            "format",
                            "model",
                            "security",
                            "store",
                            "store.sealed",
                            "store.sqlite",
                            "telemetry")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void everyClass_isSeen() {
        assertThat(CLASSES.size()).isGreaterThan(FEWEST_CLASSES);
    }

    @Test
    void packages_useOnlyWhatTheMapAllows() {
        List<String> violations = new ArrayList<>();

        for (JavaClass each : CLASSES) {
            Set<String> allowed = MAY_USE.get(name(each));
            assertThat(allowed)
                    .as("the map has the package of %s", each.getName())
                    .isNotNull();
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                boolean ours = target.getPackageName().equals(ROOT)
                        || target.getPackageName().startsWith(ROOT + ".");
                if (ours && !name(target).equals(name(each)) && !allowed.contains(name(target))) {
                    violations.add(dependency.getDescription());
                }
            }
        }

        assertThat(violations).isEmpty();
    }

    @Test
    void packages_haveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void pureCore_knowsNoLibraryButTheJdkAndIpArithmetic() {
        ArchRuleDefinition.classes()
                .that()
                .resideInAnyPackage(ROOT + ".adapter", ROOT + ".model", ROOT + ".policy", ROOT + ".security")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "inet.ipaddr..", ROOT + "..")
                .check(CLASSES);
    }

    /** Commands are all made at every start, which a client with its TLS would delay by a tenth of a second and more. */
    @Test
    void commands_holdNoClient() {
        ArchRuleDefinition.noFields()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Command.class)
                .should()
                .haveRawType(HttpClient.class)
                .check(CLASSES);
    }

    @Test
    void engine_runsWithoutVertx() {
        ArchRuleDefinition.noClasses()
                .that()
                .haveSimpleName("Shard")
                .or()
                .haveSimpleName("Lane")
                .or()
                .haveSimpleName("Turns")
                .or()
                .haveSimpleName("WakeUps")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(CLASSES);
    }

    @Test
    void sql_staysInTheStoreAndTheOutbox() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".store..", ROOT + ".adapter.outbox", ROOT + ".exchange.original")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "io.vertx.sqlclient..")
                .check(CLASSES);
    }

    @Test
    void timeAndChance_enterWherePartsArePutTogether() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".cli")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    private static String name(JavaClass each) {
        String name = each.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }
}
