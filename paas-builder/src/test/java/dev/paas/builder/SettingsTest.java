package dev.paas.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.GitTree;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Another Dockerfile, another stage, another folder than what is found. */
class SettingsTest {

  private static final BuildOptions FOUND =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  private static final SourceTree TREE =
      TestTree.of(
          "package.json",
          "{}",
          "docker/prod",
          """
          FROM debian AS first
          CMD ["one"]
          FROM debian AS second
          CMD ["two"]
          FROM debian
          CMD ["three"]
          """,
          "web/index.html",
          "hello");

  @Test
  void aDockerfileThatIsAskedForIsFollowedToTheStageThatIsAskedFor() throws IOException {
    assertThat(command("")).contains("three");
    assertThat(command("second")).contains("two");
    assertThat(command("0")).contains("one");
    assertThat(FrontEnds.recognise(TREE, FOUND.asking("docker/prod", "")).reason())
        .isEqualTo("the setting dockerfile=docker/prod");
    assertThat(FrontEnds.recognise(TREE, FOUND).buildpack().name()).isEqualTo("Node app");
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> command("third")).hasMessageContaining("dockerfile.no-target");
    assertThatThrownBy(() -> command("3")).hasMessageContaining("dockerfile.no-target");
    assertThatThrownBy(() -> FrontEnds.recognise(TREE, FOUND.asking("docker", "")))
        .hasMessageContaining("build.no-dockerfile");
  }

  @Test
  void aFolderIsATreeOfItsOwn() throws IOException {
    GitTree tree = (GitTree) TREE;
    SourceTree web = tree.below("web").orElseThrow();
    assertThat(FrontEnds.recognise(web).buildpack().name()).isEqualTo("Static site");
    assertThat(web.find("index.html")).isPresent();
    assertThat(tree.below("nothing")).isEmpty();
    assertThat(tree.below("package.json")).isEmpty();
  }

  private static String command(String target) throws IOException {
    Plan plan = FrontEnds.plan(TREE, BaseImages.UNKNOWN, FOUND.asking("docker/prod", target));
    return plan.config().getCmdList().toString();
  }
}
