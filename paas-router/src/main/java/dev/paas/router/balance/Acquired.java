package dev.paas.router.balance;

/**
 * What came of asking for an instance of an app. As soon as an app can be waited for (one that is
 * being woken up), that is one more of these {@link Cases}, which everybody who asks then has to
 * answer.
 */
public sealed interface Acquired {

  <T> T fold(Cases<T> cases);

  /** What follows from each. */
  interface Cases<T> {

    /** This instance has counted the request in, until the lease ends. */
    T chosen(Upstream.Lease lease);

    /** The instance that was chosen has left the table meanwhile: the present table knows more. */
    T retired();

    /** There is no instance that was not tried. */
    T none();
  }

  /** An instance. */
  record Chosen(Upstream.Lease lease) implements Acquired {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.chosen(lease);
    }
  }

  /** No instance, at least of this table. */
  enum Missing implements Acquired {
    RETIRED {
      @Override
      public <T> T fold(Cases<T> cases) {
        return cases.retired();
      }
    },
    NONE {
      @Override
      public <T> T fold(Cases<T> cases) {
        return cases.none();
      }
    }
  }
}
