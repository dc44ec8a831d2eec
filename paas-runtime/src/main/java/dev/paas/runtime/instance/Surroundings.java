package dev.paas.runtime.instance;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.instance.life.Alive;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.network.InstanceLinks;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process of an instance needs on this host, and what is done when it was taken away. */
final class Surroundings {

  private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

  private final InstanceLinks links;
  private final Cgroups cgroups;

  Surroundings(InstanceLinks links, Cgroups cgroups) {
    this.links = links;
    this.cgroups = cgroups;
  }

  boolean areWhole(Supervised instance) {
    return links.present(instance.place()) && cgroups.exists(instance.container());
  }

  /**
   * Gives a process its link back. One that is outside its group has no limits: it is ended, and
   * its successor is inside. Called in the instance's turn.
   */
  void restore(Supervised instance, ProcessIdentity process) throws IOException {
    boolean still =
        instance.life() instanceof Alive alive
            && alive.program().equals(process)
            && process.isAlive();
    if (still && !links.present(instance.place())) {
      LOG.atWarn().addKeyValue("instance", instance.container()).log("link was gone, made again");
      links.attach(instance.place(), process.pid());
    }
    if (still && !cgroups.exists(instance.container())) {
      LOG.atWarn()
          .addKeyValue("instance", instance.container())
          .log("group was gone, starts again");
      Signals.send(process, Signals.SIGKILL);
    }
  }
}
