package dev.paas.api.access;

/** What {@link Policy} says to something that somebody wants to do. */
public enum Decision {
  ALLOWED,
  /** The user may, but not with a token of this scope. */
  READ_ONLY,
  /** Only an admin may. */
  FORBIDDEN,
  /** The app is not open to the user, who must not learn whether it exists. */
  HIDDEN
}
