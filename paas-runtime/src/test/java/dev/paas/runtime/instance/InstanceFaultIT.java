package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.inventory.InstanceRecords;
import dev.paas.runtime.inventory.Orphans;
import dev.paas.runtime.inventory.TraceKind;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.linux.mount.UserNamespace;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What instances survive: killed monitors and daemons, lost files, rules and links. */
final class InstanceFaultIT {

  @SuppressWarnings("NullAway.Init")
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    bench =
        new Bench(
            "rtf",
            "10.214.102.0/24",
            """
            uid-base = 1950000000
            restart-backoff-min = "50ms"
            restart-backoff-max = "1s"
            settle = "500ms"
            sweep-interval = "100ms"
            log-kept = "1MiB"
            [router]
            http = "127.0.0.1:18080"
            """);
    bench.instances.adopt();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private static boolean alive(long pid) {
    return ProcessIdentity.of((int) pid).isPresent();
  }

  private static void answers(Instance server) throws IOException {
    new Socket(server.getAddress(), 5000).close();
  }

  // ---------------------------------------------------------------- whose process it is

  /** F30 in docs/reliability.md. */
  @Test
  void aNumberThatAnotherProcessHasNowIsNeverSignalled() throws Exception {
    Instance before = bench.server("shop");
    bench.end();
    bench.host.parts.tools().cgroups().kill(Bench.container(before));
    await().until(() -> !alive(before.getPid()));
    Process unrelated = new ProcessBuilder("sleep", "1000").start();
    try {
      Path process = bench.record(before).resolve("process");
      String[] words = Files.readString(process).split(" ");
      words[1] = Long.toString(unrelated.pid());
      Files.writeString(process, String.join(" ", words));
      bench.begin();
      Instance after = bench.until("shop", i -> i.getRestarts() == 1 && i.getPid() > 0);
      assertThat((long) after.getPid()).isNotEqualTo(unrelated.pid());
      bench.instances.stop(after.getId(), Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
      assertThat(unrelated.isAlive()).isTrue();
    } finally {
      unrelated.destroyForcibly();
    }
  }

  /** F30 in docs/reliability.md, the number and the start time of a process of an earlier boot. */
  @Test
  void aProcessOfAnotherBootIsNobody() throws Exception {
    Instance before = bench.server("shop");
    bench.end();
    bench.host.parts.tools().cgroups().kill(Bench.container(before));
    await().until(() -> !alive(before.getPid()));
    Process unrelated = new ProcessBuilder("sleep", "1000").start();
    try {
      ProcessIdentity now = ProcessIdentity.of((int) unrelated.pid()).orElseThrow();
      Path process = bench.record(before).resolve("process");
      String place = Files.readString(process).split(" ")[0];
      Files.writeString(
          process, place + " " + now.pid() + " " + now.startTicks() + " another-boot");
      bench.begin();
      Instance after = bench.until("shop", i -> i.getRestarts() == 1 && i.getPid() > 0);
      bench.instances.stop(after.getId(), Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
      assertThat(unrelated.isAlive()).isTrue();
    } finally {
      unrelated.destroyForcibly();
    }
  }

  // ---------------------------------------------------------------- killed monitors and daemons

  /** F13 in docs/reliability.md. */
  @Test
  void anInstanceWhoseMonitorWasKilledGoesOnAndItsEndIsUnknown() throws Exception {
    Instance before = bench.server("shop");
    Path pid =
        bench
            .host
            .parts
            .tools()
            .folders()
            .bundles()
            .resolve(Bench.container(before))
            .resolve("conmon.pid");
    assertThat(Bench.tool("kill", "-KILL", Files.readString(pid).strip())).isZero();
    await().until(() -> bench.unwatched(), Set.of(Bench.container(before))::equals);
    answers(before);
    assertThat(Bench.tool("kill", "-KILL", Integer.toString(before.getPid()))).isZero();
    Instance after =
        bench.until("shop", i -> i.getState() == Instance.State.RUNNING && i.getRestarts() == 1);
    assertThat(after.getLastExit().getReason()).isEqualTo(Exit.Reason.UNKNOWN);
    assertThat(bench.unwatched()).isEmpty();
    assertThat(bench.instances.list("shop")).hasSize(1);
  }

  @Test
  void aDaemonKilledBeforeTheFirstInstructionBeginsTheProcessItMade() throws Exception {
    InstanceSpec spec = Bench.spec("shop", Bench.SERVER).setPort(5000).build();
    ProcessIdentity created = killedWhileLaunching(spec, true);
    bench.begin();
    Instance after = bench.running("shop");
    assertThat(after.getPid()).isEqualTo(created.pid());
    assertThat(after.hasLastExit()).isFalse();
    answers(after);
  }

  @Test
  void aDaemonKilledBeforeItRecordedTheProcessLaunchesItAgainAndCountsNoEnd() throws Exception {
    InstanceSpec spec = Bench.spec("shop", Bench.SERVER).setPort(5000).build();
    ProcessIdentity created = killedWhileLaunching(spec, false);
    bench.begin();
    Instance after = bench.running("shop");
    assertThat(after.getPid()).isNotEqualTo(created.pid());
    assertThat(after.hasLastExit()).isFalse();
    assertThat(after.getRestarts()).isZero();
    assertThat(created.isAlive()).isFalse();
  }

  /** What is there after kill -9 between the creation of a process and its first instruction. */
  private ProcessIdentity killedWhileLaunching(InstanceSpec spec, boolean recorded)
      throws IOException {
    InstanceName name = InstanceIds.name(spec.getId());
    int place = bench.host.parts.tools().network().links().reserve(name.toString());
    InstanceRecords records = new InstanceRecords(bench.host.parts.tools().folders().run());
    Instance view =
        Instance.newBuilder()
            .setId(spec.getId())
            .setState(Instance.State.STARTING)
            .setAddress(
                bench.host.parts.tools().network().links().link(place).address().getHostAddress())
            .build();
    records.write(name.toString(), new InstanceRecords.Stored(spec, view, place, Optional.empty()));
    bench.end();
    ConcurrentLinkedQueue<ProcessIdentity> processes = new ConcurrentLinkedQueue<>();
    Launcher launcher = bench.host.launcher(bench.logs);
    assertThatThrownBy(
            () ->
                launcher.launch(
                    name,
                    spec,
                    bench.host.range(0),
                    place,
                    bench.logs.file(name),
                    process -> {
                      processes.add(process);
                      if (recorded) {
                        records.write(
                            name.toString(),
                            new InstanceRecords.Stored(
                                spec,
                                view.toBuilder().setPid(process.pid()).build(),
                                place,
                                Optional.of(process)));
                      }
                      throw new AssertionError("killed here");
                    }))
        .isInstanceOf(AssertionError.class);
    return processes.remove();
  }

  // ---------------------------------------------------------------- an inventory that is not
  // complete

  /** F36 in docs/reliability.md. */
  @Test
  void nothingThatRunsIsEndedWhenItsRecordsAreGone() throws Exception {
    Instance before = bench.server("shop");
    bench.end();
    Path records = bench.host.folder.resolve("run/instances/records");
    Path aside = bench.host.folder.resolve("records-aside");
    Files.createDirectories(aside);
    move(records, aside);
    bench.begin();
    await()
        .until(() -> bench.inventory.orphans().running(), Set.of(Bench.container(before))::equals);
    bench.inventory.orphans().sweep();
    answers(before);
    assertThat(alive(before.getPid())).isTrue();
    assertThat(bench.inventory.orphans().find().get(TraceKind.GROUPS))
        .containsExactly(Bench.container(before));
    bench.end();
    move(aside, records);
    bench.begin();
    assertThat(bench.running("shop").getPid()).isEqualTo(before.getPid());
    assertThat(bench.inventory.orphans().running()).isEmpty();
  }

  private static void move(Path from, Path into) throws IOException {
    try (Stream<Path> all = Files.list(from)) {
      for (Path path : all.toList()) {
        assertThat(path.toFile().renameTo(into.resolve(path.getFileName()).toFile()))
            .as("move " + path)
            .isTrue();
      }
    } catch (AssertionError otherFileSystem) {
      try {
        assertThat(Bench.tool("cp", "-a", from + "/.", into.toString())).isZero();
        assertThat(Bench.tool("find", from.toString(), "-mindepth", "1", "-delete")).isZero();
      } catch (Exception failed) {
        throw new IOException(failed);
      }
    }
  }

  /** F36 in docs/reliability.md, one file of many. */
  @Test
  void aBrokenRecordStopsNeitherTheDaemonNorItsInstance() throws Exception {
    Instance broken = bench.server("shop");
    Instance whole = bench.server("blog");
    bench.end();
    Files.write(
        bench.record(broken).resolve("view"), new byte[64], StandardOpenOption.TRUNCATE_EXISTING);
    bench.begin();
    assertThat(bench.running("blog").getPid()).isEqualTo(whole.getPid());
    answers(broken);
    // Asked to start it, the daemon replaces what it does not know, at the same address.
    bench.start(Bench.spec("shop", Bench.SERVER).setPort(5000).build());
    Instance after = bench.running("shop");
    assertThat(alive(broken.getPid())).isFalse();
    assertThat(after.getAddress()).isEqualTo(broken.getAddress());
  }

  // ---------------------------------------------------------------- what somebody takes away

  /** F35 in docs/reliability.md, the link. */
  @Test
  void aLinkThatSomebodyDeletedIsMadeAgain() throws Exception {
    Instance before = bench.server("shop");
    for (String link : bench.host.parts.tools().network().links().names()) {
      assertThat(Bench.tool("ip", "link", "delete", link)).isZero();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> answers(before));
    assertThat(bench.running("shop").getPid()).isEqualTo(before.getPid());
  }

  /** F35 in docs/reliability.md, the group. */
  @Test
  void aProcessThatSomebodyTookOutOfItsGroupIsReplacedByOneInside() throws Exception {
    Instance before = bench.server("shop");
    Cgroups groups = bench.host.parts.tools().cgroups();
    for (Path entrance : groups.entrances(Bench.container(before))) {
      Path group = entrance.resolveSibling("").normalize();
      Path root = group.resolve("../..").normalize();
      for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
        Files.write(root.resolve("cgroup.procs"), pid.getBytes(UTF_8), StandardOpenOption.WRITE);
      }
      Files.delete(group);
    }
    Instance after = bench.until("shop", i -> i.getRestarts() == 1 && i.getPid() > 0);
    bench.running("shop");
    assertThat(alive(before.getPid())).isFalse();
    assertThat(groups.usage(Bench.container(after)).pids()).isPositive();
  }

  /** F35 in docs/reliability.md, the container as the OCI runtime and the daemon know it. */
  @Test
  void aContainerWhoseFoldersSomebodyDeletedServesOnAndCanBeReplaced() throws Exception {
    Instance before = bench.server("shop");
    String container = Bench.container(before);
    Folders.delete(bench.host.parts.tools().folders().run().resolve("oci").resolve(container));
    Folders.delete(bench.host.parts.tools().folders().bundles().resolve(container));
    answers(before);
    bench.instances.stop(before.getId(), Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
    assertThat(alive(before.getPid())).isFalse();
    answers(bench.server("shop"));
    assertThat(bench.inventory.orphans().find().values()).allMatch(Set::isEmpty);
  }

  /** F35 in docs/reliability.md, the packet filter, at the worst moment: between two looks. */
  @Test
  void anInstanceStopsAndAnotherStartsWhileTheRulesAreFlushed() throws Exception {
    Instance first = bench.server("first");
    assertThat(Bench.tool("nft", "delete", "table", "inet", "paas-rtf")).isZero();
    bench.instances.stop(first.getId(), Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
    assertThat(Bench.tool("nft", "delete", "table", "inet", "paas-rtf")).isIn(0, 1);
    answers(bench.server("second"));
    bench.host.parts.tools().network().firewall().check();
  }

  /** F35 in docs/reliability.md, the packet filter's rules without its table. */
  @Test
  void rulesThatSomebodyTookOutOfTheTableAreInPlaceAgain() throws Exception {
    bench.server("shop");
    assertThat(Bench.tool("nft", "flush", "table", "inet", "paas-rtf")).isZero();
    assertThatThrownBy(() -> bench.host.parts.tools().network().firewall().check())
        .isInstanceOf(IOException.class);
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> bench.host.parts.tools().network().firewall().check());
  }

  @Test
  void everyKindOfOrphanIsFoundAndRemoved() throws Exception {
    ContainerParts parts = bench.host.parts;
    Orphans orphans = bench.inventory.orphans();
    Claims.Claim claim = parts.claims().hold("left");
    parts.tools().cgroups().create("left", new GroupLimits(0, 0, 0));
    Process process =
        new ProcessBuilder(
                "unshare",
                "--net",
                "setpriv",
                "--reuid=" + (bench.host.settings.runtime().uidBase() + 7),
                "--clear-groups",
                "sleep",
                "1000")
            .start();
    Path command = Path.of("/proc", Long.toString(process.pid()), "comm");
    await().until(() -> Files.readString(command).strip().equals("sleep"));
    for (Path entrance : parts.tools().cgroups().entrances("left")) {
      Files.write(entrance, Long.toString(process.pid()).getBytes(UTF_8), StandardOpenOption.WRITE);
    }
    Files.createDirectories(parts.tools().folders().bundles().resolve("left"));
    bench.host.root("left", 0);
    // Killed after a layer was shown and before the root filesystem was mounted.
    Path shown = bench.host.parts.tools().folders().run().resolve("layers/left/0");
    Files.createDirectories(shown);
    try (UserNamespace ids = UserNamespace.mapping(bench.host.range(0).first(), UidRange.SIZE)) {
      Mounts.idmapped(bench.host.layer, shown, ids, Mounts.Access.READ_ONLY);
    }
    Folders.create(parts.tools().folders().writable().resolve("left"), "rwx------");
    Files.writeString(parts.tools().folders().exits().resolve("left"), "0");
    int place = parts.tools().network().links().reserve("left");
    parts.tools().network().links().attach(place, (int) process.pid());
    assertThat(orphans.find().values()).as("while somebody holds it").allMatch(Set::isEmpty);
    claim.close();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(orphans.find().values()).allMatch(Set::isEmpty));
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(parts.tools().cgroups().names()).isEmpty();
    assertThat(parts.tools().roots().names()).isEmpty();
    assertThat(Mounts.below(parts.tools().folders().run())).isEmpty();
    assertThat(parts.tools().network().links().names()).isEmpty();
    assertThat(parts.tools().network().links().reserved()).isEmpty();
    assertThat(Files.exists(parts.tools().folders().exits().resolve("left"))).isFalse();
    assertThat(Files.exists(parts.tools().folders().writable().resolve("left"))).isFalse();
  }

  // ---------------------------------------------------------------- this daemon's own failures

  @Test
  void anErrorInARelaunchIsTriedAgainAfterABackOff() throws Exception {
    ConcurrentLinkedQueue<Instance> waits = new ConcurrentLinkedQueue<>();
    Instance before = bench.server("shop");
    bench.host.images =
        digest -> {
          throw new StackOverflowError();
        };
    Runnable unwatch =
        bench.instances.watch(
            event -> {
              if (event.getChanged().getState() == Instance.State.BACKOFF) {
                waits.add(event.getChanged());
              }
            });
    assertThat(Bench.tool("kill", "-KILL", Integer.toString(before.getPid()))).isZero();
    await().atMost(Duration.ofSeconds(30)).until(() -> waits.size() >= 5);
    bench.host.images = bench.host::image;
    Instance after = bench.running("shop");
    unwatch.run();
    answers(after);
    assertThat(waits)
        .extracting(wait -> wait.getNextStartMillis() - wait.getLastExit().getAtMillis())
        .startsWith(50L, 100L, 200L, 400L, 800L);
    assertThat(waits)
        .element(1)
        .extracting(wait -> wait.getLastExit().getReason())
        .isEqualTo(Exit.Reason.START_FAILED);
  }

  @Test
  void aStopThatCannotBeRecordedStillGrantsTheGrace() throws Exception {
    Instance polite =
        bench.start(
            Bench.spec(
                    "polite", "trap 'echo bye; exit' TERM; echo up; while true; do sleep 0.1; done")
                .build());
    await().until(() -> bench.lines("polite").contains("up"));
    bench.running("polite");
    Path inTheWay = bench.record(polite).resolve("view.new");
    Files.createDirectories(inTheWay.resolve("full"));
    bench.instances.stop(polite.getId(), Duration.ofSeconds(20)).get(20, TimeUnit.SECONDS);
    assertThat(bench.lines("polite")).contains("bye");
    assertThat(bench.find("polite")).isEmpty();
    assertThat(bench.record(polite)).doesNotExist();
  }

  @Test
  void aRemovalThatGoesOnFailingIsNamedByDoctorUntilItSucceeds() throws Exception {
    Instance before = bench.server("shop");
    String container = Bench.container(before);
    Path busy =
        Files.createDirectories(
            bench.host.folder.resolve("data/runtime/instances").resolve(container).resolve("busy"));
    assertThat(Bench.tool("mount", "-t", "tmpfs", "busy", busy.toString())).isZero();
    CompletableFuture<Void> gone;
    try {
      gone = bench.instances.stop(before.getId(), Duration.ofSeconds(5));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(bench.host.parts.duties().troubles())
                      .extracting(Duties.Trouble::duty)
                      .containsExactly("remove of " + container));
      assertThat(gone).isNotDone();
    } finally {
      Mounts.unmount(busy);
    }
    gone.get(30, TimeUnit.SECONDS);
    await().untilAsserted(() -> assertThat(bench.host.parts.duties().troubles()).isEmpty());
  }

  @Test
  void aLinkThatCannotBeRestoredIsNamedByDoctorUntilItIs() throws Exception {
    Instance server = bench.server("shop");
    String inside = "nsenter -t " + server.getPid() + " -n ip link ";
    // In one go: the link is looked at each second.
    String taken = inside + "del eth0 && " + inside + "add eth0 type veth peer name other";
    await().until(() -> Bench.tool("sh", "-c", taken) == 0);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(bench.host.parts.duties().troubles())
                    .extracting(Duties.Trouble::duty)
                    .containsExactly("restore of " + Bench.container(server)));
    assertThat(Bench.tool("sh", "-c", inside + "del eth0")).isZero();
    await().untilAsserted(() -> assertThat(bench.host.parts.duties().troubles()).isEmpty());
    assertThat(bench.host.parts.tools().network().links().names()).hasSize(1);
  }

  @Test
  void whoWaitsForAStopIsToldAlsoWhenOldLogsCannotBeTrimmed() throws Exception {
    Instance before = bench.server("shop");
    Path folder = bench.host.folder.resolve("data/runtime/logs/shop");
    Files.write(folder.resolve("shop.web.v0.2.g0.log"), new byte[2 << 20]);
    Path undeletable = folder.resolve("shop.web.v0.1.g0.log");
    Files.createDirectories(undeletable.resolve("in-the-way"));
    assertThat(undeletable.toFile().setLastModified(0)).isTrue();
    bench.instances.stop(before.getId(), Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
    assertThat(undeletable).exists();
    assertThat(bench.find("shop")).isEmpty();
    assertThat(bench.host.parts.tools().network().links().reserved()).isEmpty();
    assertThat(bench.host.parts.claims().held(Bench.container(before))).isFalse();
    Files.delete(undeletable.resolve("in-the-way"));
  }

  /** Many start the same instance; each fails and removes it. None loses its place to another. */
  @Test
  void aStartThatFollowsARemovalKeepsItsPlace() throws Exception {
    InstanceSpec spec = Bench.spec("shop", Bench.SERVER).build();
    String container = InstanceIds.name(spec.getId()).toString();
    AtomicInteger launches = new AtomicInteger();
    AtomicInteger homeless = new AtomicInteger();
    bench.host.images =
        digest -> {
          if (!isLaunching()) {
            return bench.host.image(digest);
          }
          launches.incrementAndGet();
          if (!bench.host.parts.tools().network().links().reserved().containsValue(container)) {
            homeless.incrementAndGet();
          }
          throw new IllegalStateException("no such image today");
        };
    List<Thread> starters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread starter =
          new Thread(
              () -> {
                while (launches.get() < 500) {
                  startInVain(spec);
                }
              });
      starter.start();
      starters.add(starter);
    }
    for (Thread starter : starters) {
      starter.join();
    }
    assertThat(homeless).hasValue(0);
    assertThat(bench.host.parts.tools().network().links().reserved()).isEmpty();
    assertThat(bench.find("shop")).isEmpty();
  }

  private void startInVain(InstanceSpec spec) {
    assertThatThrownBy(() -> bench.instances.start(spec).join())
        .hasMessageContaining("no such image");
  }

  static boolean isLaunching() {
    return StackWalker.getInstance()
        .walk(calls -> calls.anyMatch(call -> call.getClassName().endsWith(".Launcher")));
  }

  // ---------------------------------------------------------------- programs that misbehave

  /** F21 in docs/reliability.md: the pauses, exactly. */
  @Test
  void aCrashLoopWaitsTwiceAsLongEachTimeUpToTheMaximum() throws Exception {
    ConcurrentLinkedQueue<Long> pauses = new ConcurrentLinkedQueue<>();
    Runnable unwatch =
        bench.instances.watch(
            event -> {
              Instance changed = event.getChanged();
              if (changed.getState() == Instance.State.BACKOFF) {
                pauses.add(changed.getNextStartMillis() - changed.getLastExit().getAtMillis());
              }
            });
    bench.start(Bench.spec("crasher", "exit 1").build());
    await().atMost(Duration.ofSeconds(60)).until(() -> pauses.size() >= 7);
    unwatch.run();
    assertThat(pauses).startsWith(50L, 100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void aWorkerThatEndsAtOnceNeverCountsAsRunning() throws Exception {
    ConcurrentLinkedQueue<InstanceEvent> events = new ConcurrentLinkedQueue<>();
    Runnable unwatch = bench.instances.watch(events::add);
    bench.start(Bench.spec("worker", "exit 1").build());
    bench.until("worker", i -> i.getRestarts() >= 2);
    unwatch.run();
    assertThat(events).noneMatch(e -> e.getChanged().getState() == Instance.State.RUNNING);
    bench.start(Bench.spec("steady", "sleep 1000").build());
    bench.running("steady");
  }

  /** F22 in docs/reliability.md: the code in the app's own log. */
  @Test
  void aProcessThatIgnoresSigtermIsKilledAtTheGraceAndTheLogSaysSo() throws Exception {
    Instance deaf =
        bench.start(
            Bench.spec("deaf", "trap '' TERM; echo deaf; while true; do sleep 1; done").build());
    await().until(() -> bench.lines("deaf").contains("deaf"));
    bench.instances.stop(deaf.getId(), Duration.ofSeconds(1)).get(20, TimeUnit.SECONDS);
    assertThat(alive(deaf.getPid())).isFalse();
    assertThat(bench.lines("deaf"))
        .contains("paas: instance.stop-timeout: web.1 did not end within 1 s and was killed");
  }

  /** F23 in docs/reliability.md: the code in the app's own log. */
  @Test
  void memoryBeyondTheLimitEndsTheInstanceAndTheLogSaysSo() throws Exception {
    bench.start(Bench.spec("eater", "x=$(yes | head -c 200000000)").build());
    Instance ended = bench.until("eater", i -> i.getRestarts() >= 1);
    assertThat(ended.getLastExit().getReason()).isEqualTo(Exit.Reason.OOM_KILLED);
    assertThat(bench.lines("eater"))
        .anyMatch(line -> line.startsWith("paas: instance.oom-killed: web.1 OOM-killed (limit 64"));
  }

  /** F26 in docs/reliability.md: what is dropped is said, what is kept is bounded. */
  @Test
  void aFloodOfOutputTakesBoundedSpaceAndTheLogSaysWhatIsMissing() throws Exception {
    bench.start(
        Bench.spec(
                "flood",
                "yes "
                    + "x".repeat(2000)
                    + " | head -c 60000000; echo; echo end of the flood; sleep 1000")
            .build());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> bench.lines("flood").contains("end of the flood"));
    Path folder = bench.host.folder.resolve("data/runtime/logs/flood");
    long bytes = 0;
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        bytes += Files.size(file);
      }
    }
    // Two files, each at most what the monitor lets one grow to.
    assertThat(bytes).isLessThan(17L << 20);
    List<String> kept = bench.lines("flood");
    assertThat(kept).hasSizeLessThanOrEqualTo(10_000);
    assertThat(kept.get(0)).startsWith("paas: logs.dropped: not kept: at least ");
  }
}
