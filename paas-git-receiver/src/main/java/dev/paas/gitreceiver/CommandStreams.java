package dev.paas.gitreceiver;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The streams of a command over ssh. When the client hangs up, {@code in} ends, writing throws an
 * IOException and {@code hangUp} happens; the thread is not interrupted.
 *
 * @param client the address that the client connected from, without its port
 * @param hangUp happens when the client is gone, and also when the command has ended
 * @param terminal that the client sits at, if it has asked for one
 */
public record CommandStreams(
    InputStream in,
    OutputStream out,
    OutputStream err,
    String client,
    ClientGone hangUp,
    Optional<ClientTerminal> terminal) {}
