package dev.paas.api.runtime;

import dev.paas.contract.runtime.Finding;

/**
 * What one probe of the host found.
 *
 * @param probe its name, e.g. {@code cgroup.memory}
 * @param fix what to do; empty when all is well
 */
public record HostFinding(String probe, Level level, String found, String fix) {

  /** How bad it is. */
  public enum Level {
    OK,
    WARNING,
    ERROR
  }

  static HostFinding of(Finding sent) {
    return new HostFinding(sent.getProbe(), level(sent.getLevel()), sent.getFound(), sent.getFix());
  }

  private static Level level(Finding.Level sent) {
    return switch (sent) {
      case OK -> Level.OK;
      // A newer paas-runtimed's level is worth a look and says nothing that is known to be bad.
      case WARNING, UNRECOGNIZED -> Level.WARNING;
      case ERROR -> Level.ERROR;
    };
  }
}
