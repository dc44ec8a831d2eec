package dev.paas.cli.command;

/** What the shell gets; part of the interface, listed by {@code paas help}. */
public final class ExitCode {

  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int NOT_ALLOWED = 4;
  public static final int UNAVAILABLE = 5;

  private ExitCode() {}

  /** For an answer of the API; 0 stands for no answer. */
  public static int of(int status) {
    return switch (status) {
      case 0, 502, 503, 504 -> UNAVAILABLE;
      case 401, 403 -> NOT_ALLOWED;
      case 404 -> NOT_FOUND;
      default -> FAILED;
    };
  }
}
