package io.longline.exchange;

/** A file that cannot be read, and where that shows. Says nothing of what the file holds there. */
public final class UnreadableFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String field;

    private UnreadableFileException(String place, String field, String detail) {
        super(detail, null, false, false);
        this.place = place;
        this.field = field;
    }

    /**
     * A fault.
     *
     * @param place such as {@code row 900}; empty for the file as a whole
     * @param field empty for all of the place
     * @param detail words that follow them
     */
    static UnreadableFileException of(String place, String field, String detail) {
        return new UnreadableFileException(place, field, detail);
    }

    /** Where in the file; empty for the file as a whole. */
    public String place() {
        return place;
    }

    /** Which field of that; empty for all of it. */
    public String field() {
        return field;
    }
}
