package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.store.Store;
import jakarta.inject.Singleton;

/** Commits that are undone: nobody carries out what a test asks for in one. */
@Singleton
final class Undone {

  private final Store store;

  Undone(Store store) {
    this.store = store;
  }

  void commit(Runnable test) {
    assertThatThrownBy(
            () ->
                store.write(
                    () -> {
                      test.run();
                      throw new UndoneException();
                    }))
        .isInstanceOf(UndoneException.class);
  }

  /** The test has ended. */
  private static final class UndoneException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
