package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.Registry;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images that are run by hand, without an app, from a registry of this host. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImageRunIT {

  private final Platform platform;

  @SuppressWarnings("NullAway.Init")
  private Registry registry;

  private String image = "";

  ImageRunIT(Platform platform) {
    this.platform = platform;
  }

  @BeforeAll
  void fillARegistry() throws IOException {
    Path folder = Files.createDirectories(platform.scratch().resolve("image-run"));
    registry = new Registry(folder.resolve("registry"));
    image = registry.host() + "/team/tool:1";
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("srv"));
    Files.createDirectories(root.resolve("tmp"));
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    Command.of("chmod", "755", root.resolve("bin/busybox").toString()).succeed();
    for (String name :
        List.of("sh", "cat", "echo", "id", "pwd", "sleep", "true", "env", "head", "tr")) {
      Files.createSymbolicLink(root.resolve("bin/" + name), Path.of("busybox"));
    }
    Files.writeString(root.resolve("srv/text"), "no program\n");
    Path tar = folder.resolve("root.tar");
    Command.of("tar", "-C", root.toString(), "-cf", tar.toString(), ".").succeed();
    platform.paas("image", "import", tar.toString(), "--name", "tool:1", "--cmd", "echo").succeed();
    platform.paas("image", "push", "tool:1", image).succeed();
    platform.paas("image", "rm", "tool:1").succeed();
  }

  @AfterAll
  void end() {
    registry.close();
    platform.paas("image", "prune").succeed();
  }

  private Command run(String... words) {
    List<String> all = new ArrayList<>(List.of("run", "--image", image));
    all.addAll(List.of(words));
    return platform.paas(all.toArray(String[]::new));
  }

  @Test
  void aMissingImageIsPulledRunAndPruned() {
    platform.paas("image", "prune").succeed();
    Command.Outcome first = run("--", "echo", "hello").succeed();
    assertThat(first.out()).isEqualTo("hello\n");
    assertThat(first.err()).contains("1 of 1 layers");
    Command.Outcome second = run("--", "echo", "again").succeed();
    assertThat(second.out()).isEqualTo("again\n");
    assertThat(second.err()).isEmpty();
    JsonNode kept = platform.paasJson("image", "prune", "--dry-run");
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).path("name").asText()).endsWith("/team/tool:1");
    assertThat(platform.paas("image", "prune").succeed().out()).contains("pulled for a run");
    assertThat(platform.paasJson("image", "prune", "--dry-run")).isEmpty();
  }

  @Test
  void exitCodesAreThoseOfDocker() {
    assertThat(run("--", "sh", "-c", "exit 3").run().exit()).isEqualTo(3);
    assertThat(run("--", "sh", "-c", "kill -9 $$").run().exit()).isEqualTo(137);
    assertThat(run("--", "sh", "-c", "kill -TERM $$").run().exit()).isEqualTo(143);
    assertThat(run("--", "nosuch").run().exit()).isEqualTo(127);
    assertThat(run("--", "/srv/text").run().exit()).isEqualTo(126);
    Command.Outcome unknown =
        platform.paas("run", "--image", image.replace("tool", "nosuch"), "--", "true").run();
    assertThat(unknown.exit()).isEqualTo(125);
    assertThat(unknown.err()).contains("error: The registry has no such image").contains("fix: ");
  }

  @Test
  void optionsMeanWhatTheyMeanToDocker() {
    assertThat(run("-u", "1234:99", "--", "id").succeed().out()).contains("uid=1234 gid=99");
    assertThat(run("-w", "/srv", "--", "pwd").succeed().out()).isEqualTo("/srv\n");
    assertThat(
            run("-e", "COLOUR=green", "-e", "SHAPE", "-e", "NOT_SET", "--", "env")
                .with(Map.of("SHAPE", "round"))
                .succeed()
                .out()
                .lines())
        .contains("COLOUR=green", "SHAPE=round")
        .noneMatch(variable -> variable.startsWith("NOT_SET"));
    assertThat(run("--entrypoint", "sh", "--", "-c", "echo hi").succeed().out()).isEqualTo("hi\n");
    assertThat(run().succeed().out()).isEqualTo("\n");
    assertThat(run("--", "cat").reading("unheard\n").succeed().out()).isEmpty();
    assertThat(run("-i", "--rm", "--", "cat").reading("heard\n").succeed().out())
        .isEqualTo("heard\n");
    assertThat(run("-t", "--", "sh", "-c", "[ -t 1 ] && echo terminal").succeed().out())
        .isEqualTo("terminal\r\n");
  }

  @Test
  void memoryAndCoresAreLimited() {
    assertThat(run("-m", "64m", "--cpus", "0.25", "--", "true").succeed().out()).isEmpty();
    String hungry = "x=$(head -c 200m /dev/zero | tr '\\0' x); echo $?";
    assertThat(run("-m", "24m", "--", "sh", "-c", hungry).run().exit()).isEqualTo(137);
    for (String[] much : new String[][] {{"-m", "900g", "memory"}, {"--cpus", "900", "CPU"}}) {
      Command.Outcome greedy = run(much[0], much[1], "--", "true").run();
      assertThat(greedy.exit()).isEqualTo(125);
      assertThat(greedy.err()).contains("as much " + much[2] + " as an instance").contains("fix: ");
    }
    assertThat(run("--cpus", "none", "--", "true").run().exit()).isEqualTo(2);
  }

  @Test
  void jsonHasTheOutputsAndTheEnd() {
    Command.Outcome outcome =
        run("--json", "-t", "--", "sh", "-c", "echo out; echo err >&2; exit 3").run();
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.out().lines())
        .containsExactlyInAnyOrder(
            "{\"stdout\":\"b3V0Cg==\"}",
            "{\"stderr\":\"ZXJyCg==\"}",
            "{\"exit\":3,\"detail\":\"exited with code 3\"}")
        .last()
        .asString()
        .startsWith("{\"exit\":3");
  }
}
