package io.longline.expression;

/** An expression does not compile, or came to nothing for some event; the message says why and where, in one line. */
public final class ExpressionException extends Exception {
    private static final long serialVersionUID = 1L;

    ExpressionException(String message) {
        super(message, null, false, false);
    }
}
