package io.longline.catalogue;

/**
 * One thing that is wrong.
 *
 * @param pointer where, as a JSON pointer (RFC 6901) into what was given; empty for all of it
 * @param detail what, in words that follow the place
 */
public record Fault(String pointer, String detail) {
    /** The pointer of something that lies in something. */
    public static String pointer(String parent, String name) {
        return parent + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
