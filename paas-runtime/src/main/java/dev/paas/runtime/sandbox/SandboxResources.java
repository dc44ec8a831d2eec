package dev.paas.runtime.sandbox;

import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one sandbox holds of the host until it is freed. */
final class SandboxResources {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxResources.class);

  private final ContainerHost host;
  private final InstanceLinks links;
  private final String name;
  private final int place;
  private final Claims.Claim claim;
  private final List<Path> shares = new ArrayList<>();
  private final AtomicBoolean freed = new AtomicBoolean();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  /**
   * @param place that is reserved for it
   * @param claim of its name
   */
  SandboxResources(
      ContainerHost host, InstanceLinks links, String name, int place, Claims.Claim claim) {
    this.host = host;
    this.links = links;
    this.name = name;
    this.place = place;
    this.claim = claim;
  }

  int place() {
    return place;
  }

  Path share(Path source, UidRange ids, int number) throws IOException {
    Path shown = host.share(name + ".share" + number, source, ids);
    shares.add(shown);
    return shown;
  }

  /** Done when nothing of it is left. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  void kill() {
    try {
      host.kill(name);
    } catch (IOException failed) {
      LOG.atWarn().addKeyValue("sandbox", name).setCause(failed).log("sandbox can't be killed");
    }
  }

  /** Measured now, unless it was found before. */
  DiskLimits.Excess excess() {
    try {
      return host.excess(name);
    } catch (IOException unreadable) {
      LOG.atWarn().addKeyValue("sandbox", name).setCause(unreadable).log("disk not measured");
      return DiskLimits.Excess.BYTES;
    }
  }

  long oomKills() {
    try {
      return host.oomKills(name);
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /** Frees everything once; what fails is logged, the next start's sweep takes it. */
  void free() {
    if (!freed.compareAndSet(false, true)) {
      return;
    }
    attempt(() -> links.detach(place));
    attempt(() -> host.clearContainer(name));
    for (Path share : shares) {
      attempt(() -> RootFilesystems.unmount(share));
    }
    links.release(place);
    claim.close();
    gone.complete(null);
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (IOException failed) {
      LOG.atWarn().addKeyValue("sandbox", name).setCause(failed).log("sandbox not freed");
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}
