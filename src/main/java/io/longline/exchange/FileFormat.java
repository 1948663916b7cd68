package io.longline.exchange;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a file to be imported looks like. */
public enum FileFormat {
    /** A table, its first row the names of fields. */
    CSV,
    /** What {@code GET /api/export} answers. */
    LONGLINE,
    /** What Svix's API answers. */
    SVIX,
    /** What Convoy's API answers. */
    CONVOY;

    /** As it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a format as it is written. */
    public static Optional<FileFormat> parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.text().equals(text))
                .findFirst();
    }

    /** All of them, as they are written. */
    public static String texts() {
        return Arrays.stream(values()).map(FileFormat::text).collect(Collectors.joining(", "));
    }

    /**
     * Which one a file has, as its first bytes and the names in it tell.
     *
     * @throws UnreadableFileException when that cannot be told
     */
    public static FileFormat of(byte[] file) {
        int at = JsonFile.start(file);
        if (at >= file.length) {
            throw UnreadableFileException.of("", "", "is empty");
        }
        if (file[at] != '{' && file[at] != '[') {
            return CSV;
        }
        Set<String> names = JsonFile.names(file);
        if (names.contains(OwnReader.MARK) || names.contains("webhooks")) {
            return LONGLINE;
        }
        if (names.contains("subscriptions")) {
            return CONVOY;
        }
        if (names.contains("endpoints") || names.contains("eventTypes") || names.contains("iterator")) {
            return SVIX;
        }
        throw UnreadableFileException.of(
                "", "", "is JSON of no form that is known; say which format it has: " + texts());
    }

    /**
     * Reads a file that has this format.
     *
     * @throws UnreadableFileException when it has not
     */
    public Reading read(byte[] file) {
        return switch (this) {
            case CSV -> CsvReader.read(file);
            case LONGLINE -> OwnReader.read(file);
            case SVIX -> SvixReader.read(file);
            case CONVOY -> ConvoyReader.read(file);
        };
    }
}
