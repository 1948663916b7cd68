package io.longline;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which version this is. */
public final class Version {
    private static final String CURRENT = read();

    private Version() {}

    /** The version as the build numbered it. */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        Properties properties = new Properties();
        try (InputStream content = Version.class.getResourceAsStream("version.properties")) {
            if (content != null) {
                properties.load(content);
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException("version.properties cannot be read", unreadable);
        }
        return properties.getProperty("version", "unknown");
    }
}
