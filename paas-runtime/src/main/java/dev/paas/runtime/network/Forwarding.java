package dev.paas.runtime.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the host passes packets on ({@code ip_forward}): instances reach nothing without it. The
 * first platform of a host notes what it found, later ones take over the note, and the last one
 * that goes restores it. A host that Docker uses too is left as it is.
 */
final class Forwarding {

  private static final Path SWITCH = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final Path DOCKER = Path.of("/sys/class/net/docker0");

  private final Path notes;
  private final Path own;

  /**
   * @param notes a folder for the notes of all platforms of a host; a reboot clears it
   */
  Forwarding(Path notes, String platform) {
    this.notes = notes;
    this.own = notes.resolve(platform);
  }

  /**
   * Turns it on.
   *
   * @return whether it was off
   */
  boolean allow() throws IOException {
    String found = read(SWITCH);
    if (!Files.exists(own)) {
      Files.createDirectories(notes);
      List<Path> others = others();
      Files.writeString(own, others.isEmpty() ? found : read(others.get(0)));
    }
    if (found.equals("1")) {
      return false;
    }
    turn("1");
    return true;
  }

  /** Takes it back when no other platform needs it; without a note there is nothing to do. */
  void release() throws IOException {
    if (!Files.exists(own)) {
      return;
    }
    String before = read(own);
    Files.delete(own);
    if (others().isEmpty()) {
      Files.deleteIfExists(notes);
      if (before.equals("0") && !Files.exists(DOCKER)) {
        turn("0");
      }
    }
  }

  private List<Path> others() throws IOException {
    try (Stream<Path> all = Files.list(notes)) {
      return all.filter(note -> !note.equals(own)).toList();
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static void turn(String value) throws IOException {
    Files.write(SWITCH, value.getBytes(US_ASCII), StandardOpenOption.WRITE);
  }
}
