package dev.paas.api.store;

import io.agroal.api.AgroalDataSource;
import jakarta.transaction.TransactionManager;

/** A store like the one of a second process: neither waits for the commits of the other. */
public final class SecondStore {

  private SecondStore() {}

  public static Store of(
      AgroalDataSource source, TransactionManager transactions, Database database) {
    return new Store(source, transactions, new StoreFailures(database), database);
  }
}
