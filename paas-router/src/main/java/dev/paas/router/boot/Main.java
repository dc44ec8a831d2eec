package dev.paas.router.boot;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.log.RotatingFile;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code paas-routerd}: the access log goes to {@code router/access.log} in the data folder, events
 * to standard error. SIGTERM lets what is under way end and exits with 0.
 */
public final class Main {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    try {
      PlatformSettings settings = PlatformSettings.load();
      Path folder = settings.platform().data().resolve("router");
      // Netty unpacks its native library to be loaded: not to /tmp, which others write, and not to
      // /run, which may be mounted noexec.
      System.setProperty("io.netty.native.workdir", folder.toString());
      long kept = settings.router().accessLogKept().bytes();
      RouterProcess router =
          new RouterProcess(settings, new RotatingFile(folder.resolve("access.log"), kept));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    router.close();
                    // A JVM that a signal ends would report 143, although it stopped as asked.
                    Runtime.getRuntime().halt(0);
                  },
                  "stop"));
    } catch (PaasException refused) {
      log.atError()
          .addKeyValue("code", refused.problem().code())
          .addKeyValue("value", refused.problem().value())
          .addKeyValue("fix", refused.problem().fix())
          .log(refused.problem().what());
      System.exit(1);
    } catch (IOException broken) {
      log.atError().setCause(broken).log("the router can't start");
      System.exit(1);
    }
  }
}
