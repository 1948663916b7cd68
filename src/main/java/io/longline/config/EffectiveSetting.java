package io.longline.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A setting as it is in force, for people to look at. Nothing of a secret is in it.
 *
 * @param key such as {@code server.port}
 * @param value a {@code Long}, a {@code Boolean} or a {@code String}; {@link #MASK} where it is secret
 * @param defaultValue what it would be if nobody had set it
 * @param origin who set it: {@code the default}, {@code the command line}, a variable's name, or a file's
 * @param description what it does, with its unit
 */
public record EffectiveSetting(String key, Object value, Object defaultValue, String origin, String description) {
    /** Stands for what is not shown. */
    public static final String MASK = "********";

    /** A password within a URL, such as a proxy's or a database's. */
    private static final Pattern PASSWORD = Pattern.compile("(://[^/@:]*:)[^/]*@");

    static EffectiveSetting of(Setting setting, String text, String origin) {
        Object defaultValue = setting.kind().read(setting.defaultText()).orElseThrow();
        Optional<Object> read = setting.kind().read(text);
        boolean secret = SettingsCatalogue.isSecret(setting.key()) && !text.equals(setting.defaultText());
        Object value = secret ? MASK : read.orElse(text);
        if (value instanceof String plain) {
            value = PASSWORD.matcher(plain).replaceAll("$1" + MASK + "@");
        }
        return new EffectiveSetting(setting.key(), value, defaultValue, origin, setting.description());
    }
}
