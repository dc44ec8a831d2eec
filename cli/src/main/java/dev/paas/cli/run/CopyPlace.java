package dev.paas.cli.run;

import dev.paas.cli.command.UsageException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One end of a copy: a path here, or one in an instance. A name here with a colon in it is written
 * with its folder: {@code ./a:b}.
 *
 * @param app of an instance, if it is named
 * @param instance e.g. {@code web.1} or {@code web}; nothing for a path here
 */
record CopyPlace(Optional<String> app, Optional<String> instance, String path) {

  private static final Pattern REMOTE =
      Pattern.compile(
          "(?:([a-z][a-z0-9-]*):)?([a-z][a-z0-9-]*(?:\\.[1-9][0-9]*)?):(.*)", Pattern.DOTALL);

  /** What somebody wrote. */
  static CopyPlace of(String word) {
    Matcher remote = REMOTE.matcher(word);
    if (!remote.matches()) {
      return new CopyPlace(Optional.empty(), Optional.empty(), word);
    }
    if (remote.group(3).isEmpty()) {
      throw new UsageException("This names no path: " + word, "Write INSTANCE:PATH.");
    }
    return new CopyPlace(
        Optional.ofNullable(remote.group(1)), Optional.of(remote.group(2)), remote.group(3));
  }

  boolean isRemote() {
    return instance.isPresent();
  }

  /** A tar of its own, through standard input or output. */
  boolean isStream() {
    return !isRemote() && path.equals("-");
  }

  /** The last name of the path; {@code .} when it ends with that, or is the root. */
  String name() {
    String plain = plain();
    String name = plain.substring(plain.lastIndexOf('/') + 1);
    return name.isEmpty() || name.equals("..") ? "." : name;
  }

  /** The folder that {@link #name} is in; the path itself when that is {@code .}. */
  String folder() {
    String plain = plain();
    String name = name();
    if (name.equals(".")) {
      return plain.isEmpty() ? "/" : plain;
    }
    String folder = plain.substring(0, plain.length() - name.length());
    return folder.isEmpty() ? "." : folder;
  }

  /** Without slashes at its end. */
  private String plain() {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /** Whether it was written as a folder. */
  boolean endsAsFolder() {
    return path.endsWith("/") || name().equals(".");
  }
}
