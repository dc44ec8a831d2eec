package dev.paas.runtime.instance;

import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.inventory.Inventory;
import dev.paas.runtime.log.Logs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Instances of a throw-away platform, whose daemon can be ended and begun again. */
final class Bench {

  private static final String DIGEST = "sha256:" + "a".repeat(64);

  static final String SERVER =
      "echo 'HTTP works' >/tmp/index.html; echo ready; exec httpd -f -p $PORT -h /tmp";

  final TestHost host;
  Inventory inventory;
  Supervisor instances;
  Logs logs;

  Bench(String id, String network, String settings) throws IOException {
    host = new TestHost(id, network, settings);
    logs = host.logs();
    inventory = host.inventory();
    instances = host.instances(logs, inventory, digest -> host.images.apply(digest));
  }

  /** The daemon is gone; what runs goes on. */
  void end() throws IOException {
    instances.close();
    logs.close();
  }

  /** The next daemon; it knows nothing but what lies on the host. */
  void begin() throws IOException {
    host.reopen();
    logs = host.logs();
    inventory = host.inventory();
    instances = host.instances(logs, inventory, digest -> host.images.apply(digest));
    instances.adopt();
  }

  static InstanceSpec.Builder spec(String app, String script) {
    return InstanceSpec.newBuilder()
        .setId(InstanceId.newBuilder().setApp(app).setProcess("web").setRelease(1).setSlot(1))
        .setImage(DIGEST)
        .setRestart(true)
        .addAllArgv(List.of("sh", "-c", script))
        .setLimits(Limits.newBuilder().setMemoryBytes(64 << 20).setPids(50));
  }

  /** Instances that run although their monitor was killed. */
  Set<String> unwatched() throws IOException {
    return instances.unwatched(inventory.traces().monitored());
  }

  /** Starts an instance; returns when its program has begun. */
  Instance start(InstanceSpec spec) throws Exception {
    return TestHost.start(instances, spec);
  }

  Instance server(String app) throws Exception {
    start(spec(app, SERVER).setPort(5000).build());
    return running(app);
  }

  Instance running(String app) {
    return until(app, instance -> instance.getState() == Instance.State.RUNNING);
  }

  Optional<Instance> find(String app) throws IOException {
    return instances.list(app).stream().findFirst();
  }

  Instance until(String app, Predicate<Instance> wanted) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> find(app).orElse(Instance.getDefaultInstance()), wanted);
  }

  List<String> lines(String app) throws IOException {
    return logs
        .reader(ReadLogsRequest.newBuilder().setApp(app).setTail(10_000).build())
        .past()
        .stream()
        .map(LogLine::getText)
        .toList();
  }

  Path record(Instance instance) {
    return host.folder.resolve("run/instances/records").resolve(container(instance));
  }

  static String container(Instance instance) {
    return InstanceIds.name(instance.getId()).toString();
  }

  /** Runs a tool of the host; answers with its exit code. */
  static int tool(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor();
  }

  void close() throws Exception {
    for (Instance left : instances.list("")) {
      instances.stop(left.getId(), Duration.ZERO).get(20, TimeUnit.SECONDS);
    }
    instances.close();
    logs.close();
    host.close();
  }
}
