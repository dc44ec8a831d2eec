package dev.paas.runtime.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.dockerfile.Dockerfile;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceLimits;
import dev.paas.builder.source.SourceTree;
import dev.paas.builder.source.TarTrees;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.tree.TreeWalk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dockerfiles whose results were recorded with BuildKit (decision 037) become the same trees and
 * configurations here, and what it refuses is refused. Needs root.
 */
final class RecordedBuildsIT {

  private static final String BASE_MARK = "(base)";
  private static final String REFUSED = "refused";
  private static final BuildOptions OPTIONS =
      BuildOptions.of("base", PlatformSettings.DEFAULTS.planning());

  @TempDir static Path temp;
  private static BuildBench bench;
  private static List<String> basePaths;

  record Recorded(String name, String given, List<String> expected) {
    @Override
    public String toString() {
      return name + " " + given.replace("\n", " ; ");
    }
  }

  static List<Recorded> builds() {
    return recorded("/recorded/builds.txt");
  }

  static List<Recorded> ignored() {
    return recorded("/recorded/ignored.txt");
  }

  private static List<Recorded> recorded(String resource) {
    List<Recorded> all = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(RecordedBuildsIT.class.getResourceAsStream(resource))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String block : text.substring(text.indexOf("=== ") + 4).split("\n=== ")) {
        String name = block.substring(0, block.indexOf('\n'));
        int end = block.indexOf("\n---");
        String expected = block.substring(end + 4).strip();
        all.add(
            new Recorded(
                name,
                block.substring(name.length() + 1, end) + "\n",
                expected.isEmpty() ? List.of() : List.of(expected.split("\n"))));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return all;
  }

  @BeforeAll
  static void importBase() throws IOException, InterruptedException {
    bench = new BuildBench(temp);
    bench.images.importTar(
        "base",
        ImageConfig.newBuilder().addEnv("PATH=/bin").build(),
        RecordedSources.base().stream());
    basePaths = paths(bench.solve(BuildBench.image("base", "base")));
  }

  @AfterAll
  static void nothingIsLeftMounted() throws IOException {
    bench.close();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertThat(builds()).hasSize(295);
    assertThat(ignored()).hasSize(36);
  }

  @ParameterizedTest
  @MethodSource("builds")
  void aDockerfileBecomesWhatWasRecorded(Recorded build) throws Exception {
    SourceTree tree =
        (build.name().startsWith("a") ? RecordedSources.withArchives() : RecordedSources.plain())
            .file("Dockerfile", build.given());
    List<String> made = new ArrayList<>();
    try {
      Plan plan = plan(tree);
      made.addAll(paths(solved(plan)));
      if (build.expected().contains(BASE_MARK)) {
        assertThat(made).containsAll(basePaths);
        made.removeAll(basePaths);
        made.add(0, BASE_MARK);
      }
      made.addAll(config(plan.config()));
    } catch (PaasException refused) {
      assertThat(refused.problem().kind()).isIn(Problem.Kind.INVALID, Problem.Kind.IMPOSSIBLE);
      made.clear();
      made.add(REFUSED);
    }
    assertThat(made).containsExactlyElementsOf(build.expected());
  }

  @ParameterizedTest
  @MethodSource("ignored")
  void anIgnoreFileLeavesWhatWasRecorded(Recorded patterns) throws Exception {
    SourceTree tree =
        RecordedSources.plain()
            .file("Dockerfile", "FROM scratch\nCOPY . /c/\n")
            .file(".dockerignore", patterns.given());
    List<String> kept = new ArrayList<>();
    for (String line : paths(solved(plan(tree)))) {
      if (!line.matches(".* \\d+ 0:0 d")) {
        kept.add(line.substring("/c/".length()).replaceFirst(" \\d* 0:0 [fl] .*", ""));
      }
    }
    assertThat(kept).containsExactlyInAnyOrderElementsOf(patterns.expected());
  }

  private static Plan plan(SourceTree tree) throws IOException {
    BaseImages images =
        ref ->
            bench
                .images
                .lookUp(ref)
                .orElseThrow(
                    () ->
                        Problem.of(
                                Problem.Kind.IMPOSSIBLE, "image.not-found", "no image", ref, "none")
                            .asException())
                .toMessage();
    return new Dockerfile().plan(tree, images, OPTIONS);
  }

  private static StoredImage solved(Plan plan) throws IOException, InterruptedException {
    Map<String, String> digests = new HashMap<>();
    for (Map.Entry<String, SourceTree> tree : plan.trees().entrySet()) {
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      String digest = TarTrees.write(tree.getValue(), new SourceLimits(1 << 20, 100), tar);
      assertThat(
              bench
                  .images
                  .trees()
                  .put(new ByteArrayInputStream(tar.toByteArray()))
                  .digest()
                  .value())
          .isEqualTo(digest);
      digests.put(tree.getKey(), digest);
    }
    SolveRequest request =
        SolveRequest.newBuilder()
            .setApp("shop")
            .setGraph(plan.graph(digests))
            .setConfig(plan.config())
            .setName("apps/shop:build-1")
            .build();
    return bench.solver.solve(request, event -> {});
  }

  /** One line for each path: mode, owner, type and what it holds. */
  private static List<String> paths(StoredImage image) throws IOException {
    List<String> lines = new ArrayList<>();
    try (RootView view = bench.view(image);
        NameRoom.Share room = bench.images.room().share()) {
      TreeWalk.below(
          view.root(),
          room,
          new TreeWalk.Visitor() {
            @Override
            public boolean visit(Directory in, String name, String path, FileStatus status)
                throws IOException {
              lines.add("/" + path + " " + described(in, name, status));
              return status.isDirectory();
            }

            @Override
            public void leave(String path) {}
          });
    }
    return lines.stream().sorted().toList();
  }

  private static String described(Directory in, String name, FileStatus status) throws IOException {
    String owner = status.uid() + ":" + status.gid();
    if (status.isSymlink()) {
      return " " + owner + " l " + in.readLink(name);
    }
    String mode = Integer.toOctalString(status.permissions()) + " " + owner;
    if (status.isDirectory()) {
      return mode + " d";
    }
    try (FileHandle file = in.read(name)) {
      String digest = Sha256.of(file.stream().readAllBytes()).hex();
      return mode + " f " + digest.substring(0, 12);
    }
  }

  private static List<String> config(ImageConfig config) {
    return Stream.of(
            line("Env", config.getEnvList()),
            line("Cmd", config.getCmdList()),
            line("Entrypoint", config.getEntrypointList()),
            line("User", config.getUser()),
            line("WorkingDir", config.getWorkingDir()),
            config.getLabelsCount() == 0 ? "" : "Labels " + new TreeMap<>(config.getLabelsMap()),
            line("Ports", new TreeSet<>(config.getExposedPortsList())),
            line("Volumes", new TreeSet<>(config.getVolumesList())),
            line("StopSignal", config.getStopSignal()),
            line("Shell", config.getShellList()),
            line("OnBuild", config.getOnBuildList()),
            line("Health", config.getHealthCheck().getTestList()))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static String line(String what, String value) {
    return value.isEmpty() ? "" : what + " " + value;
  }

  private static String line(String what, Collection<String> values) {
    return values.isEmpty() ? "" : what + " " + values;
  }
}
