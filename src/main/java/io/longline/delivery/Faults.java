package io.longline.delivery;

import io.longline.model.Outcome;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Says in words of our own what kept a request from being answered. Exceptions are told apart by type: their messages
 * carry addresses, and differ between platforms.
 */
final class Faults {
    private Faults() {}

    static Outcome outcome(Throwable fault) {
        if (hasCause(fault, SSLException.class)) {
            return new Outcome.TlsFault(tls(fault));
        }
        if (fault instanceof UnknownHostException) {
            return new Outcome.Unreachable("The host name does not resolve");
        }
        if (fault instanceof ConnectTimeoutException) {
            return new Outcome.TimedOut("The receiver did not accept a connection in time");
        }
        if (fault instanceof TimeoutException) {
            return new Outcome.TimedOut("The host name was not resolved in time");
        }
        if (fault instanceof NoRouteToHostException) {
            return new Outcome.Unreachable("There is no route to the receiver");
        }
        if (fault instanceof ConnectException) {
            return new Outcome.Unreachable("The receiver refused the connection");
        }
        if (fault instanceof HttpClosedException || fault instanceof PrematureChannelClosureException) {
            return new Outcome.Unreachable("The receiver closed the connection without an answer");
        }
        if (fault instanceof SocketException) {
            return new Outcome.Unreachable("The connection to the receiver broke");
        }
        if (fault instanceof DecoderException || fault instanceof IllegalArgumentException) {
            return new Outcome.Malformed("What the receiver answered is not HTTP that can be read");
        }
        if (fault instanceof VertxException) {
            return new Outcome.Unreachable("The connection to the receiver broke");
        }
        return fault instanceof IOException
                ? new Outcome.Unreachable("The connection to the receiver broke")
                : new Outcome.Malformed("The answer could not be read");
    }

    private static String tls(Throwable fault) {
        if (hasCause(fault, CertificateExpiredException.class)) {
            return "The receiver's certificate has expired";
        }
        if (hasCause(fault, CertificateNotYetValidException.class)) {
            return "The receiver's certificate is not valid yet";
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("subject alternative") || message.contains("No name matching")) {
                return "The receiver's certificate is for another name";
            }
            if (message.contains("unable to find valid certification path")) {
                return "The receiver's certificate is not signed by a known authority";
            }
        }
        return "No secure connection could be agreed on with the receiver";
    }

    private static boolean hasCause(Throwable fault, Class<? extends Throwable> type) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
