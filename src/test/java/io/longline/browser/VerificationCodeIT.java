package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.longline.testing.Api;
import io.longline.testing.Receiver.Received;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code that a webhook's page gives to its receivers, in each language and for both kinds of secret, run over a request that
 * the server signed with both. Where the machine lacks a language, a loud line says so.
 */
class VerificationCodeIT {
    private static final String SEED = "thirty-two bytes, as a seed has!";

    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    @TempDir
    Path folder;

    /** The code of a page, by language. */
    private record Codes(String java, String javaScript, String python, String go) {
        static Codes shownBy(Visit visit, String sign) {
            return new Codes(
                    codeIn("Java", visit, sign),
                    codeIn("JavaScript", visit, sign),
                    codeIn("Python", visit, sign),
                    codeIn("Go", visit, sign));
        }

        private static String codeIn(String language, Visit visit, String sign) {
            Page page = visit.page();
            page.getByRole(
                            AriaRole.TAB,
                            new Page.GetByRoleOptions().setName(language).setExact(true))
                    .click();
            Locator code = page.getByLabel("Code in " + language, new Page.GetByLabelOptions().setExact(true));
            assertThat(code).containsText(sign);
            return code.innerText();
        }
    }

    @Test
    void code_takesWhatTheServerSigned_andNothingElse() throws Exception {
        Api api = DASHBOARD.api();
        String id = api.register(DASHBOARD.receiver().url("/coded"), "coded.*").id();
        String secret =
                api.get("/api/webhooks/" + id + "/secret").json().path("secret").asText();
        Visit visit = DASHBOARD.visit("#/webhook/" + id);
        Codes shared = Codes.shownBy(visit, "whsec_");
        String privateKey = Base64.getEncoder().encodeToString(SEED.getBytes(StandardCharsets.US_ASCII));
        api.post("/api/webhooks/" + id + "/secret/rotate", "{\"secret\":\"whsk_" + privateKey + "\"}");
        visit.page().reload();
        Codes ofPublicKey = Codes.shownBy(visit, "whpk_");
        api.trigger("coded.now");
        Received request = DASHBOARD.receiver().await("/coded", 1).get(0);

        assertThat(request.header("webhook-signature")).contains("v1a,", "v1,");
        Path genuine = Files.write(folder.resolve("genuine"), request.body());
        Path changed =
                Files.writeString(folder.resolve("changed"), request.text().replace("1", "2"));
        List<String> arguments = new ArrayList<>(List.of(genuine.toString(), changed.toString()));
        for (String header : new String[] {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
            arguments.add(request.header(header));
        }
        arguments.addAll(List.of(secret, "another secret"));
        List<Judge> judges = List.of(
                go(shared.go(), ofPublicKey.go()),
                java(shared.java(), ofPublicKey.java()),
                javaScript(shared.javaScript(), ofPublicKey.javaScript()),
                python(shared.python(), ofPublicKey.python()));
        for (Judge judge : judges) {
            judge.start(arguments);
        }
        for (Judge judge : judges) {
            judge.hear();
        }
    }

    private Judge go(String shared, String ofPublicKey) throws IOException {
        return new Judge("go", "run")
                .with("check.go", """
                        package main
                        import "os"
                        func main() {
                            genuine, _ := os.ReadFile(os.Args[1])
                            changed, _ := os.ReadFile(os.Args[2])
                            id, sent, signatures, secret, wrong := os.Args[3], os.Args[4], os.Args[5], os.Args[6], os.Args[7]
                            println(isGenuine(genuine, id, sent, signatures, secret),
                                isGenuine(changed, id, sent, signatures, secret),
                                isGenuine(genuine, id, sent, signatures, wrong),
                                isSigned(genuine, id, sent, signatures),
                                isSigned(changed, id, sent, signatures))
                        }
                        """)
                .with("shared.go", "package main\n" + shared)
                .with("public.go", "package main\n" + ofPublicKey.replace("func isGenuine(", "func isSigned("));
    }

    private Judge java(String shared, String ofPublicKey) throws IOException {
        return new Judge("java", "-XX:TieredStopAtLevel=1")
                .with(
                        "Check.java",
                        imports(shared) + imports(ofPublicKey) + """
                        import java.nio.file.*;
                        class Check {
                            public static void main(String[] a) throws Exception {
                                byte[] genuine = Files.readAllBytes(Path.of(a[0]));
                                byte[] changed = Files.readAllBytes(Path.of(a[1]));
                                System.out.println(Shared.isGenuine(genuine, a[2], a[3], a[4], a[5])
                                    + " " + Shared.isGenuine(changed, a[2], a[3], a[4], a[5])
                                    + " " + Shared.isGenuine(genuine, a[2], a[3], a[4], a[6])
                                    + " " + Public.isGenuine(genuine, a[2], a[3], a[4])
                                    + " " + Public.isGenuine(changed, a[2], a[3], a[4]));
                            }
                        }
                        """
                                + "class Shared {" + withoutImports(shared) + "}"
                                + "class Public {" + withoutImports(ofPublicKey) + "}");
    }

    private static String imports(String code) {
        return code.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String withoutImports(String code) {
        return code.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n", "", "\n"));
    }

    private Judge javaScript(String shared, String ofPublicKey) throws IOException {
        return new Judge("node")
                .with("check.mjs", """
                        import { readFileSync } from 'node:fs';
                        import { isGenuine } from './shared.mjs';
                        import { isGenuine as isSigned } from './public.mjs';
                        const [, , genuineFile, changedFile, id, time, signatures, secret, wrong] = process.argv;
                        const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures };
                        const [genuine, changed] = [readFileSync(genuineFile), readFileSync(changedFile)];
                        console.log(
                          isGenuine(genuine, headers, secret),
                          isGenuine(changed, headers, secret),
                          isGenuine(genuine, headers, wrong),
                          isSigned(genuine, headers),
                          isSigned(changed, headers));
                        """)
                .with("shared.mjs", shared)
                .with("public.mjs", ofPublicKey);
    }

    private Judge python(String shared, String ofPublicKey) throws IOException {
        return new Judge("python3")
                .with("check.py", """
                        import sys
                        import shared_secret
                        files, id, sent, signatures, secret, wrong = sys.argv[1:3], *sys.argv[3:]
                        headers = {'webhook-id': id, 'webhook-timestamp': sent, 'webhook-signature': signatures}
                        genuine, changed = (open(file, 'rb').read() for file in files)
                        verdicts = [
                            shared_secret.is_genuine(genuine, headers, secret),
                            shared_secret.is_genuine(changed, headers, secret),
                            shared_secret.is_genuine(genuine, headers, wrong)]
                        try:
                            import public_key
                            verdicts += [public_key.is_genuine(genuine, headers), public_key.is_genuine(changed, headers)]
                        except ModuleNotFoundError as missing:
                            verdicts.append(missing)
                        print(*verdicts)
                        """)
                .with("shared_secret.py", shared)
                .with("public_key.py", ofPublicKey);
    }

    /** Runs both codes of a language over what was sent, if the machine has the language. */
    private final class Judge {
        private static final String VERDICTS = "true false false true false";

        private final List<String> command;
        private Optional<Process> process = Optional.empty();

        private Judge(String... command) {
            this.command = new ArrayList<>(List.of(command));
        }

        /** The first file is the program; Go is told them all. */
        private Judge with(String name, String code) throws IOException {
            Path file = Files.writeString(folder.resolve(name), code);
            if (command.get(0).equals("go") || !command.get(command.size() - 1).startsWith(folder.toString())) {
                command.add(file.toString());
            }
            return this;
        }

        private void start(List<String> arguments) throws IOException {
            Optional<Path> program = program();
            if (program.isEmpty()) {
                System.err.println(
                        "*** NO " + command.get(0) + ": its code for receivers was only shown -- NOT RUN ***");
                return;
            }
            command.set(0, program.get().toString());
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // Go must neither look for another version of itself nor for a module.
            builder.environment().putAll(Map.of("WEBHOOK_SECRET", "", "GOTOOLCHAIN", "local", "GO111MODULE", "off"));
            process = Optional.of(builder.start());
        }

        private Optional<Path> program() {
            if (command.get(0).equals("java")) {
                return Optional.of(Path.of(System.getProperty("java.home"), "bin", "java"));
            }
            return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                    .map(directory -> Path.of(directory, command.get(0)))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        private void hear() throws IOException, InterruptedException {
            if (process.isEmpty()) {
                return;
            }
            String said = new String(process.get().getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.get().waitFor(30, TimeUnit.SECONDS)).isTrue();
            if (said.contains("No module named")) {
                System.err.println("*** " + said + ": code for receivers with a public key -- NOT RUN ***");
                assertThat(said).startsWithIgnoringCase("true false false");
                return;
            }
            assertThat(said).as(command.get(0)).isEqualToIgnoringCase(VERDICTS);
        }
    }
}
