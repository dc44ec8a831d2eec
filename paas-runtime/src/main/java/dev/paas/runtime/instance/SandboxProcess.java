package dev.paas.runtime.instance;

import dev.paas.contract.runtime.Exit;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A process that runs in a sandbox. Closing it kills what is left and frees everything but the root
 * filesystem.
 */
public interface SandboxProcess extends AutoCloseable {

  /** Closing it is the process's end of file. */
  OutputStream stdin();

  InputStream stdout();

  InputStream stderr();

  /** Waits for the end: read both outputs meanwhile, or the process stands still on a full pipe. */
  Exit await() throws InterruptedException;

  /** Sends a signal to the process, e.g. 2 (SIGINT). */
  void signal(int number);

  /** Kills the process and everything it started. */
  void kill();

  @Override
  void close();
}
