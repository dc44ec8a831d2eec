package dev.paas.api.app;

import dev.paas.base.name.AppName;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What later steps know of an app and its view shows. Implemented where releases are, so that apps
 * need not know them.
 */
public interface AppFacts {

  /** The current release, {@code v3}, if there is one. */
  Optional<String> release(AppName app);

  /** How many instances of each process type are wanted. */
  SortedMap<String, Integer> formation(AppName app);
}
