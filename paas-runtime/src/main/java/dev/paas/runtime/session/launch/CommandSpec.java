package dev.paas.runtime.session.launch;

import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.Accounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a session's command is started with: what was asked for, or else what its image says. */
record CommandSpec(StartSessionRequest request, ImageConfig image) {

  /**
   * @param root of the file system in which accounts are looked up
   * @throws dev.paas.base.problem.PaasException {@code instance.unknown-user}
   */
  Accounts account(Path root) throws IOException {
    return Accounts.in(root, request.getUser().isEmpty() ? image.getUser() : request.getUser());
  }

  /**
   * @throws dev.paas.base.problem.PaasException {@code instance.bad-working-directory}
   */
  String folder() {
    return ProgramSpec.folder(
        Stream.of(request.getWorkingDir(), image.getWorkingDir())
            .filter(folder -> !folder.isEmpty())
            .findFirst()
            .orElse("/"));
  }

  /**
   * The session's own variables, in place of those of the same name.
   *
   * @param env {@code NAME=value}
   */
  List<String> over(List<String> env) {
    return Stream.concat(
            env.stream().filter(set -> !request.containsEnv(set.substring(0, set.indexOf('=')))),
            request.getEnvMap().entrySet().stream().map(set -> set.getKey() + "=" + set.getValue()))
        .toList();
  }

  /** The size of its terminal, if it has one. */
  Optional<Bundle.TerminalSize> size() {
    return request.hasTerminal()
        ? Optional.of(
            new Bundle.TerminalSize(
                request.getTerminal().getColumns(), request.getTerminal().getRows()))
        : Optional.empty();
  }
}
