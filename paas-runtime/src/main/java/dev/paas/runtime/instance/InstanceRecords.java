package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.linux.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the daemon's next start needs to know of each instance. On tmpfs, because specs hold secrets
 * and because a reboot ends every instance anyway: it outlives the daemon exactly as long as the
 * instances do.
 */
final class InstanceRecords {

  private final Path folder;

  /**
   * @param process of the instance's init; nothing when none ran when this was written
   */
  record Stored(InstanceSpec spec, Instance view, int place, Optional<ProcessIdentity> process) {}

  InstanceRecords(Path run) throws IOException {
    this.folder = Folders.create(run.resolve("records"), "rwx------");
  }

  void write(String name, Stored stored) throws IOException {
    Path into = Folders.create(folder.resolve(name), "rwx------");
    if (!Files.exists(into.resolve("spec"))) {
      replace(into.resolve("spec"), stored.spec().toByteArray());
    }
    replace(into.resolve("view"), stored.view().toByteArray());
    String process = stored.process().map(p -> p.pid() + " " + p.startTicks()).orElse("0 0");
    replace(into.resolve("process"), (stored.place() + " " + process).getBytes(UTF_8));
  }

  void delete(String name) throws IOException {
    Folders.delete(folder.resolve(name));
  }

  /** All records; one that was being written for the first time when the daemon died is dropped. */
  List<Stored> all() throws IOException {
    List<Stored> all = new ArrayList<>();
    List<Path> folders;
    try (Stream<Path> found = Files.list(folder)) {
      folders = found.toList();
    }
    for (Path from : folders) {
      if (!Files.exists(from.resolve("process"))) {
        Folders.delete(from);
        continue;
      }
      String[] words = Files.readString(from.resolve("process")).split(" ");
      int pid = Integer.parseInt(words[1]);
      all.add(
          new Stored(
              InstanceSpec.parseFrom(Files.readAllBytes(from.resolve("spec"))),
              Instance.parseFrom(Files.readAllBytes(from.resolve("view"))),
              Integer.parseInt(words[0]),
              pid == 0
                  ? Optional.empty()
                  : Optional.of(new ProcessIdentity(pid, Long.parseLong(words[2])))));
    }
    return all;
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    Files.write(made, content);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
