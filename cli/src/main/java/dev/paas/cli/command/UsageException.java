package dev.paas.cli.command;

/** The command was not understood: exit code 2. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String fix;

  public UsageException(String what, String fix) {
    super(what);
    this.fix = fix;
  }

  public String what() {
    return String.valueOf(getMessage());
  }

  public String fix() {
    return fix;
  }
}
