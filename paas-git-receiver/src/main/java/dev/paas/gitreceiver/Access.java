package dev.paas.gitreceiver;

/** What a client wants to do with a repository. */
public enum Access {
  /** Clone or fetch. */
  READ,
  /** Push. */
  WRITE
}
