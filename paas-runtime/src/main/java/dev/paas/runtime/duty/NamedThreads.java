package dev.paas.runtime.duty;

import java.util.concurrent.ThreadFactory;

/**
 * Threads of one name that the process does not wait for when it ends.
 *
 * @param name as the kernel shows it (15 characters) and a dump of threads
 */
public record NamedThreads(String name) implements ThreadFactory {

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
