package dev.paas.runtime.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Reads and writes the files of a group; what is gone reads as nothing. */
final class GroupFiles {

  private GroupFiles() {}

  static void write(Path file, String value) throws IOException {
    Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }

  static long number(Path file) throws IOException {
    try {
      String text = Files.readString(file).strip();
      return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (IOException gone) {
      return absent(gone, 0L);
    }
  }

  /** The number after a key in a file of {@code key value} lines. */
  static long number(Path file, String key) throws IOException {
    return lines(file).stream()
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException gone) {
      return absent(gone, List.of());
    }
  }

  static List<Path> folders(Path group) throws IOException {
    try (Stream<Path> all = Files.list(group)) {
      return all.filter(Files::isDirectory).toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  // A group that is removed while one of its files is open reads as ENODEV.
  private static <T> T absent(IOException gone, T nothing) throws IOException {
    if (gone instanceof NoSuchFileException
        || String.valueOf(gone.getMessage()).contains("No such device")) {
      return nothing;
    }
    throw gone;
  }
}
