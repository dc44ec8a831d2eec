package dev.paas.runtime.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon's next start needs to know of each instance. On tmpfs, because specs hold secrets
 * and because a reboot ends every instance anyway: it outlives the daemon exactly as long as the
 * instances do.
 */
public final class InstanceRecords {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceRecords.class);

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path folder;
  private final String boot;

  /**
   * @param process of the instance's init; nothing when none ran when this was written
   */
  public record Stored(
      InstanceSpec spec, Instance view, int place, Optional<ProcessIdentity> process) {}

  public InstanceRecords(Path run) throws IOException {
    this.folder = Folders.create(run.resolve("records"), "rwx------");
    this.boot = Files.readString(BOOT_ID).strip();
  }

  public void write(String name, Stored stored) throws IOException {
    Path into = Folders.create(folder.resolve(name), "rwx------");
    if (!Files.exists(into.resolve("spec"))) {
      replace(into.resolve("spec"), stored.spec().toByteArray());
    }
    replace(into.resolve("view"), stored.view().toByteArray());
    String process =
        stored
            .process()
            .map(p -> p.pid() + " " + p.startTicks() + " " + boot)
            .orElse("0 0 " + boot);
    replace(into.resolve("process"), (stored.place() + " " + process).getBytes(UTF_8));
  }

  public void delete(String name) throws IOException {
    Folders.delete(folder.resolve(name));
  }

  /** The names of all records, readable or not. */
  List<String> names() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.map(path -> path.getFileName().toString()).toList();
    }
  }

  /**
   * All records that can be read. One that can't be is left where it is: unknown is not gone. One
   * that was being written for the first time when the daemon died is dropped.
   */
  public List<Stored> all() throws IOException {
    List<Stored> all = new ArrayList<>();
    for (String name : names()) {
      Path from = folder.resolve(name);
      if (!Files.exists(from.resolve("process"))) {
        Folders.delete(from);
        continue;
      }
      try {
        all.add(read(from));
      } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException broken) {
        LOG.atError().addKeyValue("record", from).setCause(broken).log("record can't be read");
      }
    }
    return all;
  }

  private Stored read(Path from) throws IOException {
    String[] words = Files.readString(from.resolve("process")).split(" ");
    int pid = Integer.parseInt(words[1]);
    // A process of another boot is gone, whoever has its number and its start time now.
    boolean ran = pid != 0 && (words.length < 4 || words[3].equals(boot));
    return new Stored(
        InstanceSpec.parseFrom(Files.readAllBytes(from.resolve("spec"))),
        Instance.parseFrom(Files.readAllBytes(from.resolve("view"))),
        Integer.parseInt(words[0]),
        ran ? Optional.of(new ProcessIdentity(pid, Long.parseLong(words[2]))) : Optional.empty());
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    Files.write(made, content);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
