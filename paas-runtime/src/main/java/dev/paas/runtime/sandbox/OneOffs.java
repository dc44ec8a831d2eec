package dev.paas.runtime.sandbox;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.container.SpecCheck;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * One-off processes beside an app's instances: same image, same isolation, the caller's streams.
 */
public final class OneOffs {

  private final ContainerHost host;
  private final ContainerLimits limits;
  private final Admissions admissions;
  private final Sandbox sandbox;
  private final UidRanges ids;
  private final Function<String, StoredImage> images;
  private final Ticker ticker = Ticker.system();
  private final AtomicInteger slots = new AtomicInteger();
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** Those that run, by container. */
  private final Map<String, OneOff> started = new ConcurrentHashMap<>();

  /**
   * @param images finds an image by its digest
   */
  public OneOffs(
      ContainerHost host,
      ContainerLimits limits,
      Admissions admissions,
      Sandbox sandbox,
      UidRanges ids,
      Function<String, StoredImage> images) {
    this.host = host;
    this.limits = limits;
    this.admissions = admissions;
    this.sandbox = sandbox;
    this.ids = ids;
    this.images = images;
  }

  /** A one-off process; closing it kills it and frees everything. */
  public record OneOff(InstanceId id, SandboxProcess process, Runnable freeing)
      implements AutoCloseable {
    @Override
    public void close() {
      process.close();
      freeing.run();
    }
  }

  /** Starts a process; a slot is allotted when the identity has none. */
  public OneOff start(InstanceSpec spec) throws IOException {
    // A slot is no part of what is checked here.
    AppName app = InstanceIds.name(withSlot(spec.getId(), 1)).app();
    Admissions.Admission admitted = admissions.start(app);
    try {
      return admitted(spec);
    } finally {
      admitted.close();
    }
  }

  private static InstanceId withSlot(InstanceId id, int slot) {
    return id.getSlot() == 0 ? id.toBuilder().setSlot(slot).build() : id;
  }

  private OneOff admitted(InstanceSpec spec) throws IOException {
    InstanceId id = spec.getId();
    id = withSlot(id, Math.floorMod(slots.incrementAndGet(), 100_000) + 1);
    InstanceName name = InstanceIds.name(id);
    SpecCheck.check(spec);
    StoredImage image = SpecCheck.open(name.app(), images.apply(spec.getImage()));
    // Names of instances end with their generation: neither can be taken for the other.
    String container = ContainerHost.checkedName(name + ".one-off");
    limits.runs().take();
    if (!names.add(container)) {
      limits.runs().free();
      throw runsAlready(container);
    }
    Claims.Claim claim = host.claim(container);
    try {
      RootFilesystem root = host.mount(container, image.layerDirectories(), ids.of(name.app()));
      SandboxProcess process =
          sandbox.start(sandboxSpec(container, name, spec, image.config(), root), Profile.ONE_OFF);
      OneOff oneOff = new OneOff(id, process, () -> free(container, claim));
      started.put(container, oneOff);
      return oneOff;
    } catch (IOException | RuntimeException | Error failed) {
      free(container, claim);
      throw failed;
    }
  }

  private static PaasException runsAlready(String container) {
    return Problem.of(
            Kind.INVALID,
            "instance.bad-id",
            "A one-off process with this identity runs already",
            container,
            "Leave the slot out, and a free one is chosen.")
        .asException();
  }

  /** What an app's processes have on the disk, as last measured. */
  public long diskBytes(AppName app) {
    return started.entrySet().stream()
        .filter(each -> each.getValue().id().getApp().equals(app.value()))
        .mapToLong(each -> host.diskBytes(each.getKey()))
        .sum();
  }

  private void free(String container, Claims.Claim claim) {
    try (claim) {
      host.unmount(container);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    } finally {
      limits.runs().free();
      started.remove(container);
      names.remove(container);
    }
  }

  /** From the stop signal to the kill. */
  public Duration grace() {
    return limits.stopGrace();
  }

  /** Asks an app's processes to end, each with its grace; returns when they have ended. */
  public void stop(AppName app) throws InterruptedException {
    List<OneOff> all =
        started.values().stream().filter(each -> each.id().getApp().equals(app.value())).toList();
    all.forEach(each -> each.process().signal(Signals.SIGTERM));
    long began = ticker.nanos();
    for (OneOff each : all) {
      Duration left = grace().minus(ticker.since(began));
      each.process().stop(left.isNegative() ? Duration.ZERO : left);
    }
  }

  private SandboxSpec sandboxSpec(
      String container,
      InstanceName name,
      InstanceSpec spec,
      ImageConfig config,
      RootFilesystem root)
      throws IOException {
    Accounts account = Accounts.in(root.path(), config.getUser());
    return new SandboxSpec(
        container,
        root,
        ProgramSpec.argv(spec.getArgvList(), config),
        ProgramSpec.environment(name, spec, config, account),
        config.getWorkingDir(),
        config.getUser(),
        limits.complete(spec.getLimits()),
        true,
        SandboxMounts.NONE,
        false,
        name.hostname());
  }
}
