package dev.paas.runtime.boot;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.container.Removal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts paas-runtimed. A stop of the daemon leaves every instance running. */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    try {
      PlatformSettings settings = PlatformSettings.load();
      if (arguments.length == 1 && arguments[0].equals("--probe")) {
        System.exit(Examination.of(settings, System.out) ? 0 : 1);
      }
      if (arguments.length == 1 && arguments[0].equals("--remove-everything")) {
        Removal.of(settings);
        return;
      }
      Daemon daemon = Daemon.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(daemon::close, "shutdown"));
      daemon.await();
    } catch (PaasException problem) {
      LOG.atError()
          .addKeyValue("fix", problem.problem().fix())
          .log(String.valueOf(problem.getMessage()));
      System.exit(1);
    } catch (Exception | LinkageError failed) {
      // The edge of the process: threads that were started must not keep half a daemon alive. A
      // host without a library or a system call fails to link: paas-runtimed --probe names it.
      LOG.atError().setCause(failed).log("not started");
      System.exit(1);
    }
  }
}
