package dev.paas.cli.command;

import dev.paas.cli.http.ApiClient;
import dev.paas.cli.terminal.Terminal;
import dev.paas.cli.terminal.Tty;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a command works with.
 *
 * @param local whether the command runs on the caller's machine and may read its files and git
 * @param tty the terminal that the caller sits at, if its keys can be had
 * @param usualApp the app that is meant when none is named
 */
public record Session(
    ApiClient api,
    Terminal terminal,
    boolean local,
    Optional<Tty> tty,
    Supplier<Optional<String>> usualApp) {}
