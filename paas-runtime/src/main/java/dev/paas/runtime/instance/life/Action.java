package dev.paas.runtime.instance.life;

/**
 * What is to be done about an instance. Each is idempotent: one that fails is done again while it
 * still applies.
 */
public enum Action {
  /** Stores the state for the next daemon, and tells whoever watches. */
  RECORD,

  /** Tells whoever watches of a state that is stored already. */
  PUBLISH,

  /** Makes a process of it, when its turn among the launches has come. */
  LAUNCH,

  /** Lets a process that waits before its first instruction go on. */
  BEGIN,

  /** Has its disk use measured from now on. */
  WATCH_DISK,

  /** Looks at its process from now on until it ends. */
  CHECK,

  /** Finds out how its process ended. */
  TAKE_END,

  /** Says in the app's log that it took more memory than it may. */
  TELL_OUT_OF_MEMORY,

  /** Frees what its process had on this host. */
  FREE,

  /** Sends its process the stop signal. */
  SIGNAL,

  /** Ends all its processes at once. */
  KILL,

  /** Frees everything of it but its log, and tells whoever waits for that. */
  REMOVE
}
