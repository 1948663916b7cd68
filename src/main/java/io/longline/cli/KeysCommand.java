package io.longline.cli;

import io.longline.KeyDesk;
import io.longline.model.ApiKey;
import io.longline.model.Grants;
import io.longline.model.KeyId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes API keys in a store that no server is using. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar keys create --name operator --scope admin%n%nUsage: ",
        description = {
            "API keys, directly in the store. While a server runs on it, use POST, GET and DELETE /api/keys instead."
        })
final class KeysCommand implements Runnable {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,5})([dh])");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Specs.line(spec), "say what to do: create, list or revoke");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar keys create --name operator --scope admin%n%nUsage: ",
            description = "Makes a key and shows it, this one time.")
    int create(
            @Mixin ServeOptions options,
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "What you call it.")
                    String name,
            @Option(
                            names = "--scope",
                            required = true,
                            split = ",",
                            paramLabel = "SCOPE",
                            description = "admin, read, publish or tenant:NAME. May be given more than once.")
                    List<String> scopes,
            @Option(names = "--expires", paramLabel = "AGE", description = "When it expires, such as 90d or 12h.")
                    @Nullable String expires,
            @Option(names = "--json", description = "Print it as JSON.") boolean json) {
        List<String> faults = new ArrayList<>();
        scopes.forEach(word -> Grants.fault(word).ifPresent(fault -> faults.add(word + " " + fault)));
        Grants.faultOfAll(scopes).ifPresent(faults::add);
        if (!faults.isEmpty()) {
            throw new ParameterException(Specs.line(spec), "--scope: " + String.join("; ", faults));
        }
        Instant expiresAt = expires == null
                ? null
                : Instant.now().truncatedTo(ChronoUnit.MILLIS).plus(age(expires));
        return run(options, desk -> desk.create(name, Grants.of(scopes), expiresAt), made -> {
            if (json) {
                out().println(view(made.key())
                        .put("key", made.secret())
                        .put("sha256", made.key().sha256())
                        .encode());
                return 0;
            }
            out().println(made.secret());
            out().println("  Shown this one time. Id " + made.key().id() + ", scopes "
                    + made.key().grants() + ", for auth.keys " + made.key().sha256());
            return 0;
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar keys list%n%nUsage: ",
            description = "Lists keys, newest first.")
    int list(@Mixin ServeOptions options, @Option(names = "--json", description = "Print them as JSON.") boolean json) {
        return run(options, KeyDesk::list, keys -> {
            if (json) {
                JsonArray all = new JsonArray();
                keys.forEach(key -> all.add(view(key)));
                out().println(all.encode());
            } else {
                keys.forEach(key -> out().printf(
                                "%s  …%s  %-24s %s%s%n",
                                key.id(),
                                key.hint(),
                                key.grants(),
                                key.name(),
                                key.expiresAt() == null ? "" : ", expires " + key.expiresAt()));
            }
            return 0;
        });
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            synopsisHeading = "Example: java -jar longline.jar keys revoke key_01kg72ych0evrs77abdajvsnwh%n%nUsage: ",
            description = "Revokes a key.")
    int revoke(
            @Mixin ServeOptions options,
            @Parameters(paramLabel = "ID", description = "The key's id, such as key_….") String id) {
        Optional<KeyId> keyId = KeyId.parse(id);
        if (keyId.isEmpty()) {
            throw new ParameterException(Specs.line(spec), id + " is not the id of a key; see keys list");
        }
        return run(options, desk -> desk.revoke(keyId.get()), revoked -> {
            if (!revoked) {
                Specs.error(spec, "there is no key " + id);
                return LonglineCommand.FAILED;
            }
            return 0;
        });
    }

    private <T> int run(ServeOptions options, Function<KeyDesk, Future<T>> work, ToIntFunction<T> print) {
        return new StoreTask(options, Specs.err(spec), LONGEST)
                .run((vertx, settings, time) -> work.apply(new KeyDesk(vertx, settings, time)), print);
    }

    private static JsonObject view(ApiKey key) {
        Instant expiresAt = key.expiresAt();
        Instant usedAt = key.lastUsedAt();
        return new JsonObject()
                .put("id", key.id().value())
                .put("name", key.name())
                .put("hint", key.hint())
                .put("scopes", new JsonArray(key.grants().words()))
                .put("created_at", key.createdAt().toString())
                .put("expires_at", expiresAt == null ? null : expiresAt.toString())
                .put("last_used_at", usedAt == null ? null : usedAt.toString());
    }

    private Duration age(String text) {
        Matcher matcher = AGE.matcher(text);
        if (!matcher.matches()) {
            throw new ParameterException(Specs.line(spec), "--expires must be an age such as 90d or 12h");
        }
        long number = Long.parseLong(matcher.group(1));
        return matcher.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
    }

    private PrintWriter out() {
        return Specs.out(spec);
    }
}
