package dev.paas.runtime.session.launch;

import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.util.Optional;

/** Makes the process of a session on this host, and takes away what it has there. */
public interface Launcher {

  /** What is done with a process before it begins. */
  interface Created {

    /**
     * @param process nothing when it had ended already
     */
    void process(Optional<ProcessIdentity> process, Streams streams) throws IOException;

    /** One begins whose process is known only when it runs. */
    void begins() throws IOException;
  }

  /**
   * Starts it from nothing.
   *
   * @param created is told the process before it begins, or that one begins, so that no crash loses
   *     one that runs
   * @throws NotExecuted when there is a container and the command could not be executed in it
   */
  void launch(SessionEntry entry, StoredImage image, Created created) throws IOException;

  /** Looks after one again that an earlier daemon started. */
  void resume(SessionEntry entry) throws IOException;

  /** Ends what there is of one that never began, or began and can't be told from one that hangs. */
  void abandon(SessionEntry entry) throws IOException;

  /** How it ended. */
  Exit exit(SessionEntry entry, long now) throws IOException;

  /** Kills it. */
  void kill(SessionEntry entry) throws IOException;

  /** Frees everything of it but its places and its output; absent things are a success. */
  void clear(SessionEntry entry) throws IOException;

  /** What it has on the disk, as last measured. */
  long diskBytes(SessionEntry entry);
}
