package dev.paas.runtime.container;

import java.io.IOException;

/** A command that a container's process could not become, with the exit code of a shell for it. */
public final class NotExecuted extends IOException {

  /** It is there, and can't be executed. */
  private static final int NOT_EXECUTABLE = 126;

  private static final int NOT_FOUND = 127;

  private static final long serialVersionUID = 1L;

  private final int code;

  private NotExecuted(int code, String why) {
    super(why);
    this.code = code;
  }

  /**
   * @param said by the OCI runtime; at a terminal its words are lost
   */
  static NotExecuted because(String said) {
    boolean absent = said.contains("not found") || said.contains("No such file");
    return new NotExecuted(
        absent ? NOT_FOUND : NOT_EXECUTABLE,
        said.isEmpty() ? "the command can't be executed" : said);
  }

  /** Whether this is what was said when the command was the reason. */
  static boolean isMeant(String said) {
    return said.contains("executable")
        || said.contains("exec:")
        || said.contains("ermission denied")
        || said.contains("Exec format error");
  }

  /** 126 or 127. */
  public int code() {
    return code;
  }
}
