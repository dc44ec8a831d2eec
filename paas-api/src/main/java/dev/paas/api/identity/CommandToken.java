package dev.paas.api.identity;

/** A token that lives as long as the command it was made for. */
public final class CommandToken implements AutoCloseable {

  private final String secret;
  private final Runnable revoke;

  CommandToken(String secret, Runnable revoke) {
    this.secret = secret;
    this.revoke = revoke;
  }

  /** The secret, {@code paas_…}. */
  public String secret() {
    return secret;
  }

  @Override
  public void close() {
    revoke.run();
  }

  @Override
  public String toString() {
    return "CommandToken[***]";
  }
}
