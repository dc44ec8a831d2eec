package dev.paas.builder.buildpack.python;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The object of a web framework that a server serves.
 *
 * @param file in which it is made
 * @param variable its name there
 * @param asynchronous it speaks ASGI, else WSGI
 * @param framework its class or package, as people know it
 */
record AppObject(String file, String variable, boolean asynchronous, String framework) {

  /** Where it usually is. */
  private static final List<String> FILES =
      List.of(
          "main.py",
          "app.py",
          "server.py",
          "wsgi.py",
          "asgi.py",
          "application.py",
          "run.py",
          "api.py",
          "app/main.py",
          "app/app.py",
          "app/__init__.py",
          "src/main.py",
          "src/app.py",
          "api/main.py",
          "backend/main.py");

  private static final Pattern MADE =
      Pattern.compile(
          "(?m)^([A-Za-z_]\\w{0,100})[ \\t]*(?::[^=\\n]{1,100})?=[ \\t]*(?:[A-Za-z_]\\w{0,100}\\.)?"
              + "(FastAPI|Starlette|Litestar|Quart|Flask)\\(");

  /** The result of the app's own function. */
  private static final Pattern BY_FACTORY =
      Pattern.compile(
          "(?m)^(app|application|api)[ \\t]*=[ \\t]*(?:\\w{1,100}\\.)?(?:create|make|build)_app\\(");

  static Optional<AppObject> find(
      SourceTree tree, Set<String> packages, PlatformSettings.Planning limits) throws IOException {
    for (String file : FILES) {
      String text = Packages.beginning(tree, file, limits);
      Matcher made = MADE.matcher(text);
      if (made.find()) {
        String framework = made.group(2);
        return Optional.of(
            new AppObject(file, made.group(1), !framework.equals("Flask"), framework));
      }
      Matcher byFactory = BY_FACTORY.matcher(text);
      if (byFactory.find()) {
        boolean flask = packages.contains("flask");
        return Optional.of(
            new AppObject(file, byFactory.group(1), !flask, flask ? "Flask" : "ASGI"));
      }
    }
    return Optional.empty();
  }

  /** The file as Python imports it from the app's folder. */
  String module() {
    String path = file.substring(0, file.length() - ".py".length());
    return path.replace('/', '.').replace(".__init__", "");
  }
}
