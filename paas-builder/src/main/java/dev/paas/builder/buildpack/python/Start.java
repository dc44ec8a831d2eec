package dev.paas.builder.buildpack.python;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a Python app starts when its Procfile does not say. */
final class Start {

  private static final String LISTENING = "0.0.0.0:$PORT";
  private static final String HOST_AND_PORT = " --host 0.0.0.0 --port $PORT";

  private final SourceTree tree;
  private final Set<String> packages;
  private final List<String> notes;

  /**
   * @param packages that are installed
   * @param notes gets what whoever pushed should know
   */
  Start(SourceTree tree, Set<String> packages, List<String> notes) {
    this.tree = tree;
    this.packages = packages;
    this.notes = notes;
  }

  /** A line for the shell. */
  Optional<String> command(Optional<Django> django, PlatformSettings.Planning limits)
      throws IOException {
    if (django.isPresent()) {
      return Optional.of(ofDjango(django.get()));
    }
    Optional<AppObject> app = AppObject.find(tree, packages, limits);
    Optional<String> served = app.flatMap(this::served);
    return served.isPresent() ? served : script();
  }

  private String ofDjango(Django django) {
    if (packages.contains("gunicorn") && !django.wsgi().isEmpty()) {
      return "gunicorn --bind " + LISTENING + " " + django.wsgi();
    }
    if (packages.contains("uvicorn") && !django.asgi().isEmpty()) {
      return "uvicorn " + django.asgi() + ":application" + HOST_AND_PORT;
    }
    notes.add(
        "gunicorn is not among the packages, so Django's development server starts. Add gunicorn.");
    return "python manage.py runserver --noreload " + LISTENING;
  }

  private Optional<String> served(AppObject app) {
    String object = app.module() + ":" + app.variable();
    if (app.asynchronous()) {
      if (packages.contains("uvicorn")) {
        return Optional.of("uvicorn " + object + HOST_AND_PORT);
      }
      if (packages.contains("hypercorn")) {
        return Optional.of("hypercorn --bind " + LISTENING + " " + object);
      }
      notes.add(
          app.file()
              + " has an app of "
              + app.framework()
              + ", and uvicorn, which would serve it, is not among the packages. Add uvicorn.");
      return Optional.empty();
    }
    if (packages.contains("gunicorn")) {
      return Optional.of("gunicorn --bind " + LISTENING + " " + object);
    }
    if (!packages.contains("flask")) {
      notes.add(app.file() + " has an app of Flask, and flask is not among the packages. Add it.");
    }
    notes.add("gunicorn is not among the packages, so Flask's own server starts. Add gunicorn.");
    return Optional.of("flask --app " + object + " run" + HOST_AND_PORT);
  }

  private Optional<String> script() throws IOException {
    for (String file : PythonBuildpack.SCRIPTS) {
      if (tree.find(file).isPresent()) {
        return Optional.of("python " + file);
      }
    }
    return Optional.empty();
  }
}
