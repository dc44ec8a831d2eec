package dev.paas.runtime.session.roster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.session.output.OutputLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon's next start needs to know of each session: on tmpfs, as that of instances is,
 * because it has secrets and because a reboot ends every session. Output is on the disk, and goes
 * when nothing is noted of its session.
 */
public final class SessionNotes {

  private static final Logger LOG = LoggerFactory.getLogger(SessionNotes.class);

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** After the name of an instance: neither can be taken for the other. */
  private static final String OF_RUN = ".session";

  /** After the session's id: the name of an exec's monitor. */
  private static final String OF_EXEC = ".exec";

  private final Path notes;
  private final Path outputs;
  private final long mostOutput;
  private final String boot;

  /**
   * What was noted.
   *
   * @param begun whether the command may have begun
   * @param process of the command; nothing when none was known when this was written
   * @param exit when it had ended
   * @param freed whether it has nothing on this host any more but its output
   */
  public record Stored(
      StartSessionRequest request,
      SessionPlace place,
      long startedAtMillis,
      boolean begun,
      Optional<ProcessIdentity> process,
      Optional<Exit> exit,
      boolean freed) {}

  private SessionNotes(Path notes, Path outputs, long mostOutput) throws IOException {
    this.mostOutput = mostOutput;
    this.notes = notes;
    this.outputs = outputs;
    this.boot = Files.readString(BOOT_ID).strip();
  }

  /**
   * @param run the daemon's folder on tmpfs
   * @param data its folder on the disk
   * @param mostOutput that is kept of a session, in bytes
   */
  public static SessionNotes in(Path run, Path data, long mostOutput) throws IOException {
    return new SessionNotes(
        Folders.create(run.resolve("sessions"), "rwx------"),
        Folders.create(data.resolve("sessions"), "rwx------"),
        mostOutput);
  }

  public static String containerOf(InstanceName run) {
    return run + OF_RUN;
  }

  public static String containerOf(String exec) {
    return exec + OF_EXEC;
  }

  /** The containers of all runs that are noted. */
  public Set<String> containers() throws IOException {
    Set<String> containers = new HashSet<>();
    for (Stored stored : all()) {
      containers.add(stored.place().container());
    }
    return containers;
  }

  public OutputLog output(String id) throws IOException {
    return OutputLog.in(Folders.create(outputs.resolve(id), "rwx------"), mostOutput);
  }

  /** The folder in which each session has one with its output. */
  public Path outputs() {
    return outputs;
  }

  public void write(SessionEntry entry) throws IOException {
    Path into = Folders.create(notes.resolve(entry.id()), "rwx------");
    if (!Files.exists(into.resolve("request"))) {
      replace(into.resolve("request"), entry.request().toByteArray());
    }
    String process = entry.process().map(p -> p.pid() + " " + p.startTicks()).orElse("0 0");
    SessionPlace place = entry.place();
    String state =
        String.join(
            " ",
            place.container(),
            Integer.toString(place.address()),
            Long.toString(entry.startedAtMillis()),
            process,
            boot);
    replace(into.resolve("state"), state.getBytes(UTF_8));
  }

  /** From now on its command may run, whatever is known of it. */
  public void begins(String id) throws IOException {
    replace(notes.resolve(id).resolve("begun"), boot.getBytes(UTF_8));
  }

  public void ended(SessionEntry entry, Exit exit) throws IOException {
    replace(notes.resolve(entry.id()).resolve("exit"), exit.toByteArray());
  }

  /** Nothing is left of it on this host but its output. */
  public void freed(String id) throws IOException {
    replace(notes.resolve(id).resolve("freed"), new byte[0]);
  }

  public void forget(String id) throws IOException {
    Folders.delete(notes.resolve(id));
    Folders.delete(outputs.resolve(id));
  }

  /** Those that can be read; what can't be is as good as forgotten. */
  public List<Stored> all() throws IOException {
    List<Stored> all = new ArrayList<>();
    for (String id : Folders.names(notes)) {
      try {
        all.add(read(notes.resolve(id)));
      } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException broken) {
        LOG.atWarn().addKeyValue("session", id).setCause(broken).log("note can't be read");
      }
    }
    return all;
  }

  /** Removes what is of none of these sessions. */
  public void forgetAllBut(Set<String> ids) throws IOException {
    Set<String> found = new HashSet<>(Folders.names(notes));
    found.addAll(Folders.names(outputs));
    found.removeAll(ids);
    for (String id : found) {
      forget(id);
    }
  }

  private Stored read(Path from) throws IOException {
    StartSessionRequest request =
        StartSessionRequest.parseFrom(Files.readAllBytes(from.resolve("request")));
    String[] words = Files.readString(from.resolve("state")).split(" ");
    int pid = Integer.parseInt(words[3]);
    boolean ran = pid != 0 && words[5].equals(boot);
    Path exit = from.resolve("exit");
    return new Stored(
        request,
        place(request, words[0], Integer.parseInt(words[1])),
        Long.parseLong(words[2]),
        hasBegun(from.resolve("begun")),
        ran ? Optional.of(new ProcessIdentity(pid, Long.parseLong(words[4]))) : Optional.empty(),
        Files.exists(exit)
            ? Optional.of(Exit.parseFrom(Files.readAllBytes(exit)))
            : Optional.empty(),
        Files.exists(from.resolve("freed")));
  }

  private boolean hasBegun(Path note) throws IOException {
    return Files.exists(note) && Files.readString(note).equals(boot);
  }

  private static SessionPlace place(StartSessionRequest request, String container, int address) {
    if (request.hasInside()) {
      return new SessionPlace(container, request.getInside(), address);
    }
    InstanceName name =
        InstanceName.parse(container.substring(0, container.length() - OF_RUN.length()))
            .orElseThrow(IllegalArgumentException::new);
    return new SessionPlace(container, InstanceIds.of(name), address);
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    Files.write(made, content);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
