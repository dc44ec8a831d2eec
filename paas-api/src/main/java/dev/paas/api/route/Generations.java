package dev.paas.api.route;

import dev.paas.api.store.Store;
import jakarta.enterprise.context.ApplicationScoped;

/** Numbers route tables; a number is durable before a table carries it, so none is used twice. */
@ApplicationScoped
class Generations {

  private final Store store;

  Generations(Store store) {
    this.store = store;
  }

  /** The next number, above {@code atLeast}. */
  long next(long atLeast) {
    return store.commit(
        () -> {
          RouteTableRow row =
              RouteTableRow.<RouteTableRow>findByIdOptional(RouteTableRow.ONLY).orElseThrow();
          row.generation = Math.max(row.generation, atLeast) + 1;
          return row.generation;
        });
  }
}
