package dev.paas.builder.buildpack.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.FrontEnds;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonBuildpackTest {

  private static final BuildOptions OPTIONS = BuildOptions.of(PlatformSettings.DEFAULTS);
  private static final String FLASK = "from flask import Flask\napp = Flask(__name__)\n";
  private static final String FASTAPI = "import fastapi\n\nservice: X = fastapi.FastAPI(\n)\n";
  private static final String MANAGE =
      "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")\n";
  private static final String STATIC =
      "INSTALLED_APPS = ['django.contrib.staticfiles']\nSTATIC_ROOT = BASE / 'static'\n";

  @Test
  void packagesAreInstalledFromTheManifestOnTheImageWithCompilers() throws IOException {
    Plan plan = plan("requirements.txt", "flask==3\ngunicorn\n", "app.py", FLASK);
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:paas/python:latest
            n2 n1: mkdir /app owner app
            n3 image sha256:paas/python-build:latest
            n4 n3: mkdir /app owner app
            n5 n4: exec [python3, -m, venv, /app/.venv] in /app as app
            n6 tree
            n7 n5: copy n6 [requirements.txt] -> /app/ owner app with parents
            n8 n7: exec [pip, install, --no-input, -r, requirements.txt] in /app as app cache python=/home/app/.cache
            n9 n2: copy n8 [/app/.venv] -> /app/.venv/ owner app
            n10 n9: copy n6 [.] -> /app/ owner app
            => n10
            """);
    assertThat(plan.config().getEnvList())
        .contains("PATH=/app/.venv/bin:/usr/bin:/bin", "PYTHONUNBUFFERED=1");
    assertThat(plan.config().getUser()).isEqualTo("app");
    assertThat(web(plan)).isEqualTo("gunicorn --bind 0.0.0.0:$PORT app:app");
    assertThat(plan.notes())
        .contains(
            "Python 3.11.2, the stack's, because nothing asks for a version.",
            "pip installs what requirements.txt says.",
            "No Procfile says how it starts: gunicorn --bind 0.0.0.0:$PORT app:app");
  }

  @Test
  void anAppOfItsOwnFilesOnlyIsCopied() throws IOException {
    Plan plan = plan("server.py", "print()");
    assertThat(Shown.graph(plan)).doesNotContain("exec", "python-build").endsWith("=> n4\n");
    assertThat(web(plan)).isEqualTo("python server.py");
  }

  @Test
  void includedFilesAreReadByTheInstallation() throws IOException {
    Plan plan =
        plan(
            "requirements.txt",
            "-r requirements/base.txt\n",
            "requirements/base.txt",
            "-c more/limits.txt\nflask\n",
            "requirements/more/limits.txt",
            "",
            "app.py",
            FLASK);
    assertThat(Shown.graph(plan))
        .contains(
            "[requirements.txt, requirements/base.txt, requirements/more/limits.txt] -> /app/");
    assertThat(web(plan)).isEqualTo("flask --app app:app run --host 0.0.0.0 --port $PORT");
  }

  @ParameterizedTest
  @CsvSource({"-e .", "./lib", "file:lib", "lib @ file:lib", "-e ./lib"})
  void aRequirementInTheRepositoryIsInstalledFromAllFiles(String line) throws IOException {
    Plan plan = plan("requirements.txt", line + "\n", "main.py", "");
    assertThat(Shown.graph(plan)).contains("n5: copy n6 [.] -> /app/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uv.lock      | uv sync --locked --no-dev --no-editable --no-install-project",
        "poetry.lock  | poetry install --only main --no-root --no-interaction --no-ansi",
        "Pipfile.lock | pipenv --python /usr/bin/python3 sync",
        "Pipfile      | pipenv --python /usr/bin/python3 install",
      })
  void eachLockFileHasItsManager(String file, String command) throws IOException {
    Plan plan = plan(file, "", "main.py", "");
    assertThat(plan.draft().getNodesList())
        .anySatisfy(node -> assertThat(node.getTitle()).isEqualTo(command))
        .anySatisfy(node -> assertThat(node.getTitle()).startsWith("pip install "));
  }

  @Test
  void filesOfTwoManagersAreNamed() {
    assertThatThrownBy(() -> plan("requirements.txt", "", "uv.lock", ""))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("python.two-managers");
              assertThat(e.problem().lines()).anyMatch(line -> line.contains("uv.lock"));
            });
    assertThatThrownBy(() -> plan("poetry.lock", "", "Pipfile", ""))
        .hasMessageContaining("python.two-managers");
  }

  @Test
  void dependenciesOfAProjectAreInstalledWithoutItsFiles() throws IOException {
    Plan plan =
        plan(
            "pyproject.toml",
            "[project]\ndependencies = [\"fastapi[standard]>=0.100\", \"httpx\"]\n",
            "app/main.py",
            FASTAPI);
    assertThat(Shown.graph(plan))
        .contains("exec [pip, install, --no-input, --, fastapi[standard]>=0.100, httpx]");
    assertThat(web(plan)).isEqualTo("uvicorn app.main:service --host 0.0.0.0 --port $PORT");
  }

  @Test
  void aServerThatIsMissingIsNamed() throws IOException {
    Plan plan = plan("requirements.txt", "fastapi\n", "main.py", FASTAPI);
    assertThat(plan.notes()).anyMatch(note -> note.endsWith("Add uvicorn."));
    assertThat(web(plan)).isEqualTo("python main.py");
    assertThat(plan("requirements.txt", "", "app.py", FLASK).notes())
        .anyMatch(note -> note.contains("flask is not among the packages"))
        .anyMatch(note -> note.endsWith("Add gunicorn."));
  }

  @Test
  void djangoIsServedByGunicornWithItsStaticFilesCollected() throws IOException {
    String[] files = {
      "manage.py", MANAGE, "shop/wsgi.py", "", "shop/settings.py", STATIC, "requirements.txt", ""
    };
    files[7] = "Django>=5\ngunicorn\n";
    Plan plan = plan(files);
    assertThat(Shown.graph(plan))
        .contains("n10: exec [python, manage.py, collectstatic, --noinput]");
    assertThat(web(plan)).isEqualTo("gunicorn --bind 0.0.0.0:$PORT shop.wsgi");
    Plan disabled =
        FrontEnds.plan(
            TestTree.of(files),
            KnownImages.usual(),
            OPTIONS.giving(Map.of("DISABLE_COLLECTSTATIC", "1"), new TreeSet<>()));
    assertThat(Shown.graph(disabled)).doesNotContain("collectstatic");
    assertThat(disabled.notes()).anyMatch(note -> note.contains("DISABLE_COLLECTSTATIC"));
  }

  @Test
  void aProcfileSaysHowItStarts() throws IOException {
    Plan plan = plan("requirements.txt", "flask", "app.py", FLASK, "Procfile", "web: python x.py");
    assertThat(web(plan)).isEqualTo("python x.py");
    assertThat(plan.notes()).noneMatch(note -> note.contains("gunicorn"));
  }

  @Test
  void anEnvironmentInTheRepositoryIsLeftOut() throws IOException {
    Plan plan = plan("main.py", "", "venv/pyvenv.cfg", "", "venv/bin/python", "");
    assertThat(plan.notes()).anyMatch(note -> note.startsWith("venv is in the repository"));
    assertThat(Objects.requireNonNull(plan.trees().get("n3")).hasDirectory("venv")).isFalse();
  }

  @Test
  void anotherVersionDeclinesUnlessTheNearestIsTaken() throws IOException {
    String[] files = {".python-version", "3.13.1\n", "main.py", ""};
    assertThatThrownBy(() -> plan(files))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("python.no-version");
              assertThat(e.problem().what()).contains(".python-version", "3.11.2");
            });
    BuildOptions nearest =
        BuildOptions.of(PlatformSettings.parse("test", "[toolchains]\nnearest = true\n"));
    assertThat(FrontEnds.plan(TestTree.of(files), KnownImages.usual(), nearest).notes())
        .contains("Python 3.11.2, the nearest there is: .python-version asks for 3.13.1.");
  }

  @Test
  void withoutImagesOnlyTheFilesAreChecked() throws IOException {
    FrontEnds.plan(
        TestTree.of("runtime.txt", "python-3.6.1", "app.py", ""), BaseImages.UNKNOWN, OPTIONS);
    assertThatThrownBy(
            () ->
                FrontEnds.plan(
                    TestTree.of("pyproject.toml", "[project"), BaseImages.UNKNOWN, OPTIONS))
        .hasMessageContaining("python.bad-manifest");
    assertThatThrownBy(() -> plan("pyproject.toml", "a = " + "[".repeat(100_000)))
        .hasMessageContaining("python.bad-manifest");
  }

  private static String web(Plan plan) {
    return Objects.requireNonNull(plan.processes().commands().get(ProcessType.WEB)).shown();
  }

  private static Plan plan(String... pathsAndTexts) throws IOException {
    return FrontEnds.plan(TestTree.of(pathsAndTexts), KnownImages.usual(), OPTIONS);
  }
}
