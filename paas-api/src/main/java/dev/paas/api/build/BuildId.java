package dev.paas.api.build;

import dev.paas.base.name.AppName;

/** A build: the app's n-th push and its build have the same number, counted from 1. */
public record BuildId(AppName app, long number) {

  /** The name that the build's image gets in the runtime's store. */
  public String imageName() {
    return "apps/" + app + ":build-" + number;
  }

  @Override
  public String toString() {
    return app + "#" + number;
  }
}
