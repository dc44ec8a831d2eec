package dev.paas.api.route;

import dev.paas.api.store.Store;
import jakarta.enterprise.context.ApplicationScoped;

/** Numbers what the router gets; a number is durable before it is sent, so none is used twice. */
@ApplicationScoped
class Generations {

  private final Store store;

  Generations(Store store) {
    this.store = store;
  }

  /** The next generation of the table, above {@code atLeast}. */
  long next(long atLeast) {
    return store.commit(
        () -> {
          RouteTableRow row =
              RouteTableRow.<RouteTableRow>findByIdOptional(RouteTableRow.ONLY).orElseThrow();
          row.generation = Math.max(row.generation, atLeast) + 1;
          return row.generation;
        });
  }

  /** The next version of certificates, above {@code atLeast}. */
  long nextCertificates(long atLeast) {
    return store.commit(
        () -> {
          RouteTableRow row =
              RouteTableRow.<RouteTableRow>findByIdOptional(RouteTableRow.ONLY).orElseThrow();
          row.certificates = Math.max(row.certificates, atLeast) + 1;
          return row.certificates;
        });
  }
}
