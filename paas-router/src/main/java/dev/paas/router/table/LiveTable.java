package dev.paas.router.table;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * The table that is served now. Requests read it at any time; one writer replaces it. Whoever
 * watches it is told after each replacement, with the table before and the one after.
 */
public final class LiveTable {

  private final List<BiConsumer<Routes, Routes>> watchers = new CopyOnWriteArrayList<>();
  private volatile Routes routes = Routes.NONE;

  public Routes routes() {
    return routes;
  }

  public void watch(BiConsumer<Routes, Routes> watcher) {
    watchers.add(watcher);
  }

  /** Serves {@code after} from now on. Callers serialise their calls. */
  public void replace(Routes after) {
    Routes before = routes;
    routes = after;
    watchers.forEach(watcher -> watcher.accept(before, after));
  }
}
