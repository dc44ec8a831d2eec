package dev.paas.builder.buildpack.python;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What installs the packages of an app. */
enum Manager {
  PIP("pip", "", Requirements.FILE),
  UV("uv", "uv==0.13.9", "uv.lock"),
  POETRY("Poetry", "poetry==2.5.1", "poetry.lock"),
  PIPENV("Pipenv", "pipenv==2026.10.3", "Pipfile.lock Pipfile");

  private final String title;
  private final String requirement;

  /** The names of its files, with blanks between them. */
  private final String files;

  Manager(String title, String requirement, String files) {
    this.title = title;
    this.requirement = requirement;
    this.files = files;
  }

  /** As people call it. */
  String title() {
    return title;
  }

  /** What pip installs to have it; empty for pip itself. */
  String requirement() {
    return requirement;
  }

  /**
   * The one whose file is there; without any, what pyproject.toml is made for.
   *
   * @throws dev.paas.base.problem.PaasException {@code python.two-managers}
   */
  static Manager of(SourceTree tree, Manifest project) throws IOException {
    List<Manager> found = new ArrayList<>();
    List<String> by = new ArrayList<>();
    for (Manager manager : values()) {
      for (String file : manager.files.split(" ", -1)) {
        if (!found.contains(manager) && tree.find(file).isPresent()) {
          found.add(manager);
          by.add(file);
        }
      }
    }
    if (found.size() > 1) {
      throw Problem.of(
              Kind.INVALID,
              "python.two-managers",
              "The packages of the app are listed for several package managers, which may differ",
              String.join(", ", by),
              "Keep the file of the one that is used, and remove the others from the repository.")
          .asException();
    }
    if (!found.isEmpty()) {
      return found.get(0);
    }
    boolean poetry = project.has("tool", "poetry") && !project.has("project", "dependencies");
    return poetry ? POETRY : PIP;
  }
}
