package dev.paas.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecognitionTest {

  /** The width of a terminal, less {@code "remote: ! "}. */
  private static final int COLUMNS = 65;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dockerfile                                     | Dockerfile  | Dockerfile",
        "Dockerfile package.json index.html Staticfile  | Dockerfile  | Dockerfile",
        "Dockerfile requirements.txt go.mod             | Dockerfile  | Dockerfile",
        "go.mod main.go                                 | Go app      | go.mod",
        "go.mod go.work package.json                    | Go app      | go.work",
        "go.mod requirements.txt index.html             | Go app      | go.mod",
        "requirements.txt                               | Python app  | requirements.txt",
        "requirements.txt package.json index.html       | Python app  | requirements.txt",
        "uv.lock pyproject.toml                         | Python app  | uv.lock",
        "poetry.lock pyproject.toml                     | Python app  | poetry.lock",
        "Pipfile                                        | Python app  | Pipfile",
        "Pipfile.lock Pipfile                           | Python app  | Pipfile.lock",
        "setup.py                                       | Python app  | setup.py",
        "manage.py                                      | Python app  | manage.py",
        "app.py index.html                              | Python app  | app.py",
        "server.py main.py                              | Python app  | main.py",
        "main.py package.json                           | Node app    | package.json",
        "package.json                                   | Node app    | package.json",
        "package.json web/Dockerfile                    | Node app    | package.json",
        "package.json index.html public/index.html      | Node app    | package.json",
        "package.json package-lock.json Procfile        | Node app    | package.json",
        "Dockerfile pom.xml                             | Dockerfile  | Dockerfile",
        "composer.json package.json artisan             | Other language | artisan",
        "config.ru Gemfile package.json                 | Other language | config.ru",
        "Gemfile package.json                           | Node app    | package.json",
        "Gemfile index.html                             | Static site | index.html",
        "Cargo.toml src/main.rs                         | Other language | Cargo.toml",
        "Cargo.toml package.json                        | Node app    | package.json",
        "pom.xml package.json public/index.html         | Other language | pom.xml",
        "shop.csproj package.json                       | Other language | shop.csproj",
        "web/shop.csproj index.html                     | Static site | index.html",
        "a.txt shop.sln                                 | Other language | shop.sln",
        "server.js                                      | Node app    | server.js",
        "index.js public/index.html                     | Node app    | index.js",
        "index.js index.html                            | Static site | index.html",
        "index.html                                     | Static site | index.html",
        "index.html client/package.json                 | Static site | index.html",
        "public/index.html                              | Static site | public/index.html",
        "public/index.html index.html                   | Static site | index.html",
        "Staticfile a.txt                               | Static site | Staticfile",
        "Staticfile index.html                          | Static site | Staticfile",
      })
  void theFirstBuildpackThatTakesTheTreeIsChosen(String files, String name, String found)
      throws IOException {
    Recognised recognised = FrontEnds.recognise(tree(files));
    assertThat(recognised.buildpack().name()).isEqualTo(name);
    assertThat(recognised.reason()).isEqualTo("the file " + found);
  }

  @ParameterizedTest
  @CsvSource({
    "README.md",
    "dockerfile",
    "Package.json Dockerfile.dev",
    "Dockerfile/a package.json/b index.html/c",
    "web/index.html web/package.json web/Dockerfile",
    "Procfile",
  })
  void whatNoBuildpackTakesIsToldWhatEachLookedFor(String files) {
    assertThatThrownBy(() -> FrontEnds.recognise(tree(files)))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("build.nothing-detected");
              assertThat(e.problem().lines())
                  .containsExactly(
                      "The root of the repository has nothing that says how to build it",
                      "Dockerfile: no Dockerfile",
                      "Go app: no go.work or go.mod",
                      "Python app: no requirements.txt, pyproject.toml or app.py",
                      "Other language: no project file of one that is known",
                      "Node app: no package.json, index.js or server.js",
                      "Static site: no Staticfile, index.html or public/index.html")
                  .allMatch(line -> line.length() <= COLUMNS);
            });
  }

  @Test
  void aLinkWhereAFileShouldBeIsTheBuildpacksToExplain() throws IOException {
    SourceTree tree = new TestTree().link("package.json", "other.json").build();
    assertThat(FrontEnds.recognise(tree).buildpack().name()).isEqualTo("Node app");
  }

  @Test
  void detectionLooksUpAFewPathsAndNothingElse() throws IOException {
    for (Buildpack buildpack : FrontEnds.BUILDPACKS) {
      LookedUp tree = new LookedUp();
      assertThat(buildpack.detect(tree)).isInstanceOf(Detection.NotMatched.class);
      assertThat(tree.paths).as(buildpack.name()).hasSizeBetween(1, 32).doesNotHaveDuplicates();
    }
  }

  @Test
  void everyBuildpackHasANameOfItsOwn() {
    assertThat(FrontEnds.BUILDPACKS).extracting(Buildpack::name).doesNotHaveDuplicates();
  }

  private static SourceTree tree(String files) {
    TestTree tree = new TestTree();
    for (String file : files.split(" ")) {
      tree.file(file, "");
    }
    return tree.build();
  }

  /** An empty tree that can't be walked and remembers what it was asked for. */
  private static final class LookedUp implements SourceTree {

    private final List<String> paths = new ArrayList<>();

    @Override
    public String identity() {
      return "looked up";
    }

    @Override
    public void forEach(Visitor visitor) {
      throw new AssertionError("a detection walks the tree");
    }

    @Override
    public Optional<Entry> find(String path) {
      paths.add(path);
      return Optional.empty();
    }

    @Override
    public List<String> rootNames(int count) {
      assertThat(count).isLessThan(10_000);
      return List.of();
    }
  }
}
