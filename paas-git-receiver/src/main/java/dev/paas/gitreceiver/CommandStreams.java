package dev.paas.gitreceiver;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The streams of a command over ssh. When the client hangs up, {@code in} ends and writing throws
 * an IOException; the thread is not interrupted.
 *
 * @param client the address that the client connected from, without its port
 */
public record CommandStreams(InputStream in, OutputStream out, OutputStream err, String client) {}
