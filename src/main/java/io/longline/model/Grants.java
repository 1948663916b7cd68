package io.longline.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a key may do, and for whom. Written as a list of words: {@code admin}, {@code read}, {@code publish}, and
 * {@code tenant:NAME}, which limits the others to one tenant and stands for {@code admin} within it when it is alone.
 *
 * @param scopes at least one
 * @param tenant the only tenant that is seen and touched; {@code null} for all of them
 */
public record Grants(Set<Scope> scopes, @Nullable String tenant) {
    /** Everything, of everybody. */
    public static final Grants ALL = new Grants(Set.of(Scope.ADMIN), null);

    private static final String TENANT_PREFIX = "tenant:";
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    public Grants {
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("a key without a scope is of no use");
        }
        scopes = Set.copyOf(scopes);
    }

    /** What is wrong with one word, in words that follow its place; empty when nothing is. */
    public static Optional<String> fault(String word) {
        boolean tenant = word.startsWith(TENANT_PREFIX) && isTenant(word.substring(TENANT_PREFIX.length()));
        return tenant || Scope.parse(word).isPresent()
                ? Optional.empty()
                : Optional.of("must be admin, read, publish or tenant:NAME");
    }

    /** What is wrong with the words together; empty when nothing is. */
    public static Optional<String> faultOfAll(Collection<String> words) {
        if (words.isEmpty()) {
            return Optional.of("must have at least one scope");
        }
        long tenants = new HashSet<>(words)
                .stream().filter(word -> word.startsWith(TENANT_PREFIX)).count();
        return tenants > 1 ? Optional.of("must name one tenant at most") : Optional.empty();
    }

    /** Reads words that {@link #fault} and {@link #faultOfAll} have nothing against. */
    public static Grants of(Collection<String> words) {
        EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
        String tenant = null;
        for (String word : words) {
            if (word.startsWith(TENANT_PREFIX)) {
                tenant = word.substring(TENANT_PREFIX.length());
            } else {
                scopes.add(Scope.parse(word).orElseThrow(() -> new IllegalArgumentException("no scope: " + word)));
            }
        }
        if (scopes.isEmpty() && tenant != null) {
            scopes.add(Scope.ADMIN);
        }
        return new Grants(scopes, tenant);
    }

    /** Whether they allow what that scope allows. */
    public boolean allow(Scope scope) {
        return scopes.contains(Scope.ADMIN) || scopes.contains(scope);
    }

    /** The same for one tenant alone. */
    public Grants within(String name) {
        return new Grants(scopes, name);
    }

    /** As a list of words. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        for (Scope scope : Scope.values()) {
            if (scopes.contains(scope)) {
                words.add(scope.text());
            }
        }
        if (tenant != null) {
            words.add(TENANT_PREFIX + tenant);
        }
        return words;
    }

    /** Whether a text may be a tenant's name. */
    public static boolean isTenant(String text) {
        return TENANT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return String.join(" ", words());
    }
}
