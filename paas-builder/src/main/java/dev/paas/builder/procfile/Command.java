package dev.paas.builder.procfile;

import java.util.List;

/**
 * How a process type starts.
 *
 * @param shown as people write it
 * @param argv the complete argument vector; empty means the image's entrypoint and command
 */
public record Command(String shown, List<String> argv) {

  public Command {
    argv = List.copyOf(argv);
  }

  /** A line for the shell of the image. */
  public static Command shell(String line) {
    return new Command(line, List.of("/bin/sh", "-c", line));
  }

  /** What the image itself starts. */
  public static Command ofImage(List<String> entrypoint, List<String> cmd) {
    StringBuilder shown = new StringBuilder();
    for (String word : entrypoint) {
      shown.append(shown.isEmpty() ? "" : " ").append(word);
    }
    for (String word : cmd) {
      shown.append(shown.isEmpty() ? "" : " ").append(word);
    }
    return new Command(shown.toString(), List.of());
  }
}
