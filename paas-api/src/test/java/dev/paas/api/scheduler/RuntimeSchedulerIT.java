package dev.paas.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.api.fake.FakeRuntime;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.mutiny.Multi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeSchedulerIT {

  private static final AppName SHOP = new AppName("shop");
  private static final AppName BLOG = new AppName("blog");
  private static final Duration GRACE = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private FakeRuntime runtime;
  private RuntimeClient client;
  private Scheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    runtime = new FakeRuntime(folder.resolve("runtime.sock"));
    client = new RuntimeClient(folder.resolve("runtime.sock"));
    scheduler = new RuntimeScheduler(client);
  }

  @AfterEach
  void stop() {
    client.close();
    runtime.close();
  }

  @Test
  void aWatcherHearsFirstAllThatRunsThenEachChange() throws Exception {
    scheduler.start(spec(web(SHOP, 1))).get();
    Heard heard = new Heard();
    Scheduler.Watch watch = scheduler.watch(heard);
    await().until(() -> heard.words.contains("all [shop.web.v1.1.g0] after 0 deaths"));

    scheduler.start(spec(web(SHOP, 2))).get();
    await().until(() -> heard.words.contains("shop.web.v1.2.g0 RUNNING"));
    assertThat(heard.words).contains("shop.web.v1.2.g0 STARTING");

    scheduler.stop(web(SHOP, 2), GRACE).get();
    await().until(() -> heard.words.contains("shop.web.v1.2.g0 removed"));

    watch.close();
    await().until(() -> heard.words.contains("lost"));
    assertThat(heard.words.indexOf("lost")).isEqualTo(heard.words.size() - 1);
  }

  @Test
  void aSecondStartIsAnsweredWithWhatIsThere() throws Exception {
    Instance first = scheduler.start(spec(web(SHOP, 1))).get();
    Instance second = scheduler.start(spec(web(SHOP, 1))).get();

    assertThat(first.name()).isEqualTo(web(SHOP, 1));
    assertThat(second.pid()).isEqualTo(first.pid());
    assertThat(scheduler.list(SHOP)).extracting(Instance::name).containsExactly(web(SHOP, 1));
  }

  @Test
  void aRefusedStartFailsWithTheProblemItself() {
    runtime.startsFail(1);

    assertThatThrownBy(() -> scheduler.start(spec(web(SHOP, 1))).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> assertThat(refused.problem().kind()).isEqualTo(Kind.HOST_FAILED));
  }

  @Test
  void whatIsGoneIsStoppedAlready() throws Exception {
    assertThat(scheduler.stop(web(SHOP, 1), GRACE).get()).isEqualTo(web(SHOP, 1));
  }

  @Test
  void theLastLinesAreThoseOfTheInstance() throws Exception {
    scheduler.start(spec(web(SHOP, 1))).get();
    scheduler.start(spec(web(SHOP, 2))).get();

    assertThat(scheduler.lastLines(web(SHOP, 2), 10)).containsExactly("hello from 2");
  }

  @Test
  void aLogHasTheLinesOfAllInstances() throws Exception {
    scheduler.start(spec(web(SHOP, 1))).get();
    scheduler.start(spec(web(SHOP, 2))).get();

    List<LogLine> lines =
        Multi.createFrom()
            .publisher(scheduler.logs(new LogQuery(SHOP, "", 0, 10, false)))
            .collect()
            .asList()
            .await()
            .indefinitely();

    assertThat(lines).extracting(LogLine::instance).containsExactly(web(SHOP, 1), web(SHOP, 2));
  }

  @Test
  void theInventoryIsUnknownWhileTheRuntimeIsAway() throws Exception {
    scheduler.start(spec(web(SHOP, 1))).get();
    try (Inventory inventory = new Inventory(scheduler)) {
      assertThat(inventory.of(SHOP)).isEmpty();
      inventory.start();
      await().until(inventory::known);
      assertThat(inventory.of(SHOP).map(Map::keySet)).hasValue(Set.of(web(SHOP, 1)));
      assertThat(inventory.of(BLOG).map(Map::keySet)).hasValue(Set.of());

      runtime.close();
      await().until(() -> !inventory.known());
      assertThat(inventory.apps()).isEqualTo(Optional.empty());

      Files.deleteIfExists(folder.resolve("runtime.sock"));
      runtime = new FakeRuntime(folder.resolve("runtime.sock"));
      await().until(inventory::known);
      assertThat(inventory.of(SHOP).map(Map::keySet)).hasValue(Set.of());
    }
  }

  @Test
  void oneOffRunsAreNotInTheInventory() throws Exception {
    InstanceName run = new InstanceName(SHOP, new ProcessType(Inventory.ONE_OFF), 1, 1, 0);
    try (Inventory inventory = new Inventory(scheduler)) {
      inventory.start();
      await().until(inventory::known);
      scheduler.start(spec(run)).get();
      scheduler.start(spec(web(SHOP, 1))).get();
      await().until(() -> inventory.of(SHOP).filter(own -> !own.isEmpty()).isPresent());
      assertThat(inventory.of(SHOP).map(Map::keySet)).hasValue(Set.of(web(SHOP, 1)));
      assertThat(scheduler.list(SHOP)).extracting(Instance::name).contains(run);
    }
  }

  private static InstanceName web(AppName app, int slot) {
    return new InstanceName(app, ProcessType.WEB, 1, slot, 0);
  }

  private static InstanceSpec spec(InstanceName name) {
    return new InstanceSpec(name, "sha256:1", List.of(), Map.of(), 5000, true);
  }

  /** Writes down what it hears, in order. */
  private static final class Heard implements Scheduler.Watcher {

    private final List<String> words = new CopyOnWriteArrayList<>();

    @Override
    public void snapshot(List<Instance> all, long deaths) {
      List<InstanceName> names = new ArrayList<>();
      all.forEach(instance -> names.add(instance.name()));
      words.add("all " + names + " after " + deaths + " deaths");
    }

    @Override
    public void changed(Instance instance) {
      words.add(instance.name() + " " + instance.state());
    }

    @Override
    public void removed(InstanceName instance) {
      words.add(instance + " removed");
    }

    @Override
    public void lost(String why) {
      words.add("lost");
    }
  }
}
