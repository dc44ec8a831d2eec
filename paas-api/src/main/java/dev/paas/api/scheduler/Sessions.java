package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Commands whose streams can be attached to: beside an app's instances or inside one of them. They
 * go on when whoever started them goes. What fails does so as with {@link Scheduler}.
 */
public interface Sessions {

  /** Starts a session, or answers with the one of this id that is there. */
  CompletableFuture<Session> start(SessionSpec spec);

  /**
   * A way to a session's streams, which begins when somebody subscribes. Several may be attached at
   * once: each reads all of the output from its position on.
   *
   * @param position how much of the output, in bytes, the caller has already; {@link
   *     Attachment#NOW}: all that there is so far
   */
  Attachment attach(String id, long position);

  /**
   * A connection to a port of an instance that runs, made inside of it: what is sent is the input,
   * what comes is output, {@link Attachment.OutputEnded} its end. It begins when somebody
   * subscribes, and is cut when they cancel.
   */
  Attachment forward(InstanceName instance, int port);

  /**
   * Sends a session's command a signal, past whatever input it has not read; one that has ended
   * takes none.
   *
   * @return its id, when it was sent; {@code session.not-found}
   */
  CompletableFuture<String> signal(String id, int number);

  /** An app's sessions, oldest first; those that have ended are among them while they are kept. */
  List<Session> list(AppName app);

  /** Those of all apps. */
  List<Session> all();

  /**
   * Asks a command to end, kills it after the grace, and completes with the id when it has ended.
   * One that is not known has ended already.
   *
   * @param grace in whole seconds
   */
  CompletableFuture<String> stop(String id, Duration grace);
}
