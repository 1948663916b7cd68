package io.longline.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.longline.testing.Receiver.Received;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a webhook sends: chosen and previewed in its form, and verified by the code that its page gives to receivers. */
class WebhookContentIT {
    @RegisterExtension
    static final Dashboard DASHBOARD = new Dashboard();

    private static final String JAVA_IMPORTS =
            "import java.nio.charset.StandardCharsets; import java.security.*; import java.time.Instant;"
                    + " import java.util.*; import javax.crypto.Mac; import javax.crypto.spec.SecretKeySpec;";

    @TempDir
    Path folder;

    @Test
    void formatTemplateAndFilter_arePreviewed_faultsStandAtTheirFields_andThePageShowsThem() {
        Visit visit = DASHBOARD.visit("#/webhooks/new").expecting(422);
        visit.field("URL").fill(DASHBOARD.receiver().url("/shaped"));
        visit.field("Events").fill("shaped.*");
        visit.page()
                .getByText("What it sends", new Page.GetByTextOptions().setExact(true))
                .click();
        assertThat(visit.field("Template")).isHidden();
        visit.field("Format").selectOption("template");
        assertThat(visit.field("Transform")).isHidden();
        visit.field("Template").fill("{\"text\": \"{{data.name}}");
        visit.field("Filter").fill("event.data.total >");
        visit.button("Preview").click();
        assertThat(visit.complaintAt("filter")).containsText("does not compile");

        visit.field("Template").fill("{\"text\": \"{{data.name}}\", \"total\": {{data.total}}}");
        visit.field("Filter").fill("event.data.total > 100");
        visit.field("Sample data").fill("{\"name\": \"Ada\", \"total\": 100}");
        visit.button("Preview").click();
        assertThat(visit.page().getByLabel("Preview", label())).containsText("The filter keeps this event away");
        visit.field("Sample data").fill("{\"name\": \"Ada\", \"total\": 199.90}");
        visit.button("Preview").click();
        assertThat(visit.page().getByLabel("Previewed body")).containsText("\"total\": 199.90");
        assertThat(visit.complaintAt("filter")).isEmpty();
        visit.picture("webhook-form-preview");
        visit.button("Register").click();

        visit.link("Open its page").click();
        Locator settings = visit.page().getByLabel("Settings", label());
        assertThat(settings).containsText("event.data.total > 100");
        assertThat(settings).containsText("{{data.name}}");
        DASHBOARD
                .api()
                .post("/api/events/trigger", "{\"event\":\"shaped.now\",\"data\":{\"name\":\"Bob\",\"total\":101}}");
        assertThat(DASHBOARD.receiver().await("/shaped", 1).get(0).text())
                .isEqualTo("{\"text\": \"Bob\", \"total\": 101}");
        assertThat(visit.page().getByLabel("curl command")).containsText("{\"text\": \"Bob\", \"total\": 101}");
    }

    @Test
    void code_takesWhatTheServerSigned_andNothingElse() throws Exception {
        String id = DASHBOARD
                .api()
                .register(DASHBOARD.receiver().url("/coded"), "coded.*")
                .id();
        DASHBOARD.api().trigger("coded.now");
        Received request = DASHBOARD.receiver().await("/coded", 1).get(0);
        String secret = DASHBOARD
                .api()
                .get("/api/webhooks/" + id + "/secret")
                .json()
                .path("secret")
                .asText();
        Visit visit = DASHBOARD.visit("#/webhook/" + id);

        String java = codeIn("Java", visit);
        assertThat(javaAccepts(java, request, request.body(), secret)).isTrue();
        assertThat(javaAccepts(java, request, "{}".getBytes(StandardCharsets.UTF_8), secret))
                .isFalse();
        assertThat(javaAccepts(java, request, request.body(), "another secret")).isFalse();

        String javaScript = codeIn("JavaScript", visit)
                + "\nimport { readFileSync } from 'node:fs';"
                + "\nconst [, , file, id, time, signatures, secret] = process.argv;"
                + "\nconst headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures };"
                + "\nconsole.log(isGenuine(readFileSync(file), headers, secret));";
        String python = "import os\nos.environ.setdefault('WEBHOOK_SECRET', '')\n" + codeIn("Python", visit)
                + "\nimport sys\nfile, id, sent, signatures, secret = sys.argv[1:]"
                + "\nheaders = {'webhook-id': id, 'webhook-timestamp': sent, 'webhook-signature': signatures}"
                + "\nprint(str(is_genuine(open(file, 'rb').read(), headers, secret)).lower())";
        judge("node", "check.mjs", javaScript, request, secret);
        judge("python3", "check.py", python, request, secret);
    }

    private static String codeIn(String language, Visit visit) {
        visit.page()
                .getByRole(
                        AriaRole.TAB,
                        new Page.GetByRoleOptions().setName(language).setExact(true))
                .click();
        return visit.page().getByLabel("Code in " + language, label()).innerText();
    }

    private boolean javaAccepts(String code, Received request, byte[] body, String secret) throws Exception {
        Path source = folder.resolve("Check.java");
        Files.writeString(
                source, JAVA_IMPORTS + "public class Check { public " + code.substring(code.indexOf("static")) + "}");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()))
                .isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Method check = loader.loadClass("Check")
                    .getMethod("isGenuine", byte[].class, String.class, String.class, String.class, String.class);
            return (boolean) check.invoke(
                    null,
                    body,
                    request.header("webhook-id"),
                    request.header("webhook-timestamp"),
                    request.header("webhook-signature"),
                    secret);
        }
    }

    /** Runs the code where the machine has the language; Java is there wherever these tests run. */
    private void judge(String program, String name, String code, Received request, String secret) throws Exception {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            System.out.println("WebhookContentIT: no " + program + " here, its code was not run");
            return;
        }
        Path script = Files.writeString(folder.resolve(name), code);
        assertThat(run(found.get(), script, request, request.body(), secret)).isEqualTo("true");
        assertThat(run(found.get(), script, request, "{}".getBytes(StandardCharsets.UTF_8), secret))
                .isEqualTo("false");
    }

    private String run(Path program, Path script, Received request, byte[] body, String secret)
            throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("body"), body);
        List<String> command = new ArrayList<>(List.of(program.toString(), script.toString(), file.toString()));
        for (String header : new String[] {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
            command.add(request.header(header));
        }
        command.add(secret);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }

    private static Page.GetByLabelOptions label() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
