package dev.paas.api.process;

import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many instances of their process types apps had when those were stopped. */
@ApplicationScoped
class StoppedProcesses {

  private final Store store;

  StoppedProcesses(Store store) {
    this.store = store;
  }

  /** Keeps a number in place of an earlier one; part of the commit that stops. */
  void remember(AppName app, ProcessType process, int quantity) {
    store.write(
        () -> {
          StoppedProcessRow.delete("app = ?1 and process = ?2", app.value(), process.value());
          StoppedProcessRow row = new StoppedProcessRow();
          row.app = app.value();
          row.process = process.value();
          row.quantity = quantity;
          row.persist();
        });
  }

  /** The numbers of an app, by process type. */
  SortedMap<ProcessType, Integer> of(AppName app) {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    store
        .read(() -> StoppedProcessRow.<StoppedProcessRow>list("app", app.value()))
        .forEach(row -> quantities.put(new ProcessType(row.process), row.quantity));
    return quantities;
  }
}
