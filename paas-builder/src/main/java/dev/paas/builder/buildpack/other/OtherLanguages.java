package dev.paas.builder.buildpack.other;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.buildpack.Detection.Matched;
import dev.paas.builder.buildpack.Detection.NotMatched;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Recognises languages that are not built, so that a push of one is told what it needs instead of
 * being taken for the page or the scripts that lie beside it.
 */
public final class OtherLanguages implements Buildpack {

  /**
   * What somebody would rather have built, or served, than be told that something else is there.
   */
  private static final List<String> MORE_TELLING =
      List.of("package.json", "Staticfile", "index.html", "public/index.html");

  /**
   * A project file stands among a few others; of a root that is a heap of files so many are read.
   */
  private static final int NAMES = 1000;

  /** A language, and the file that shows it. */
  private record Found(Language language, String file) {}

  @Override
  public String name() {
    return "Other language";
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    return found(tree)
        .<Detection>map(found -> new Matched("the file " + found.file()))
        .orElse(new NotMatched("no project file of one that is known"));
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.paas.base.problem.PaasException {@code build.language-not-built} always, with a
   *     Dockerfile to start from
   */
  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    Found found = found(tree).orElseThrow();
    String file = found.file();
    int dot = file.lastIndexOf('.');
    String dockerfile =
        found
            .language()
            .dockerfile()
            .replace("@NAME@", Problem.printable(file))
            .replace("@STEM@", Problem.printable(dot < 0 ? file : file.substring(0, dot)));
    throw Problem.of(
            Kind.IMPOSSIBLE,
            "build.language-not-built",
            "The app is written in a language that is built by a Dockerfile only: "
                + found.language().name()
                + "\nA Dockerfile to start from:\n"
                + dockerfile,
            file,
            "Save these lines as Dockerfile, change what is different in your app, and push it.")
        .asException();
  }

  private static Optional<Found> found(SourceTree tree) throws IOException {
    List<String> names = tree.rootNames(NAMES);
    boolean more = false;
    for (String path : MORE_TELLING) {
      more |= tree.find(path).isPresent();
    }
    for (Language language : Languages.ALL) {
      if (language.sure() || !more) {
        for (String path : language.files()) {
          if (tree.find(path).isPresent()) {
            return Optional.of(new Found(language, path));
          }
        }
        Optional<String> named =
            names.stream()
                .filter(name -> language.endings().stream().anyMatch(name::endsWith))
                .findFirst();
        if (named.isPresent()) {
          return Optional.of(new Found(language, named.get()));
        }
      }
    }
    return Optional.empty();
  }
}
