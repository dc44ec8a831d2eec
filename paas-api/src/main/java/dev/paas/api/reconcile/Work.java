package dev.paas.api.reconcile;

import dev.paas.base.name.AppName;
import java.util.Locale;

/**
 * Something with an end that the control plane works on.
 *
 * @param number the build's and push's number within the app, a deployment's id
 */
public record Work(Kind kind, AppName app, long number) {

  /** What it is. */
  public enum Kind {
    BUILD,
    DEPLOYMENT,
    PUSH;

    String stored() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String stored) {
      return valueOf(stored.toUpperCase(Locale.ROOT));
    }
  }
}
