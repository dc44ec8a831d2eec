package dev.paas.builder.buildpack.python;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Django project.
 *
 * @param wsgi the module that a WSGI server serves; empty for none
 * @param asgi the module that an ASGI server serves; empty for none
 * @param collects it has static files that are gathered in one folder
 */
record Django(String wsgi, String asgi, boolean collects) {

  static final String SCRIPT = "manage.py";

  private static final Pattern SETTINGS =
      Pattern.compile(
          "DJANGO_SETTINGS_MODULE[\"'][^\"'\\n]{0,20}[\"']([A-Za-z_][\\w.]{0,200})[\"']");
  private static final Pattern STATIC_ROOT = Pattern.compile("(?m)^[ \\t]*STATIC_ROOT\\b");

  static Optional<Django> find(SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    Matcher named = SETTINGS.matcher(Packages.beginning(tree, SCRIPT, limits));
    if (!named.find()) {
      return Optional.empty();
    }
    String path = named.group(1).replace('.', '/');
    return Optional.of(
        new Django(
            module(tree, path, "wsgi"),
            module(tree, path, "asgi"),
            hasStaticFiles(settings(tree, path, limits))));
  }

  /** The module beside the settings, or beside the folder that they are in. */
  private static String module(SourceTree tree, String settings, String name) throws IOException {
    String folder = settings;
    while (folder.indexOf('/') >= 0) {
      folder = folder.substring(0, folder.lastIndexOf('/'));
      if (tree.find(folder + "/" + name + ".py").isPresent()) {
        return folder.replace('/', '.') + "." + name;
      }
    }
    return "";
  }

  private static String settings(SourceTree tree, String path, PlatformSettings.Planning limits)
      throws IOException {
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "" : path.substring(0, slash + 1);
    List<String> places = new ArrayList<>(List.of(path + ".py", path + "/__init__.py"));
    for (String name : List.of("base.py", "common.py", "settings.py")) {
      places.add(path + "/" + name);
      places.add(folder + name);
    }
    StringBuilder all = new StringBuilder();
    for (String place : places) {
      all.append(Packages.beginning(tree, place, limits)).append('\n');
    }
    return all.toString();
  }

  private static boolean hasStaticFiles(String settings) {
    return settings.contains("django.contrib.staticfiles") && STATIC_ROOT.matcher(settings).find();
  }
}
