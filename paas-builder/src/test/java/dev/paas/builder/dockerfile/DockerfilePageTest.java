package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.builder.dockerfile.lint.Check;
import dev.paas.builder.dockerfile.text.Instruction.Keyword;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/dockerfile.md is made of what the parser and the checks know: {@code mvn test -pl
 * paas-builder -am -Dtest=DockerfilePageTest -Dpaas.pages=write} writes it.
 */
final class DockerfilePageTest {

  private static final Path PAGE = Path.of("../docs/dockerfile.md");

  private static final String INTRODUCTION =
      """
      # The Dockerfile

      What of Docker's Dockerfile is understood here, made from what the parser knows. How a build goes is in
      [builds](builds.md), each error in [problems](problems.md), each limit in [settings](settings.md), `[planning]`.

      ## Instructions
      """;

  private static final String CHECKS =
      """

      ## Checks

      Docker's build checks report warnings, which the push prints with their line. `# check=skip=NAME,NAME` at the top of the
      file leaves some out (`all`: every one), `# check=experimental=NAME` turns on those that are off, and `# check=error=true`
      makes each warning end the build.

      | check | reports |
      | --- | --- |
      """;

  private static final String COMING =
      """

      ## Coming from docker build

      - Mistakes are told all at once, each with its line, when the push arrives: nothing has been fetched or run by then. What is
        wrong in a stage that nothing needs is a note.
      - `# syntax=` is ignored for Docker's own front end and refused for any other: none is run.
      - `RUN --network=host`, `RUN --security=insecure` and `--device` are refused; a step has the network of builds, or none.
      - `FROM --platform` takes this host's platform only.
      - The context is the commit: files that are ignored by git are not in it, and modes are 0644 and 0755.
      - Cache mounts belong to the app; no other app's build sees them.
      - `ADD https://…` reaches public addresses only, follows five redirects at most, and takes `build.max-download` and
        `build.download-timeout`. With `--checksum` it is downloaded once; without, the server's ETag or the content decides.
        ADD of a git repository is not supported: `RUN git clone --depth 1`.
      - `HEALTHCHECK` is kept in the image and not run yet.
      - As in BuildKit, a user of `--chown` whom the image does not have stands for root, and such a group for the user's own.
        Several sources go to the destination one after the other: it is a folder if it was one before or ends with a slash. Without
        a slash the push says so.
      - Requests go to one port, which the program is told as `PORT`: the one TCP port that the image exposes; of several the one
        that `ENV PORT=…` of the image names, else the first that is not 22 or 443, the file's own before those of its base image;
        5000 when there is none.
      """;

  @Test
  void pageIsMadeOfWhatIsKnown() throws IOException {
    if (System.getProperty("paas.pages", "").equals("write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE).hasContent(page());
  }

  private static String page() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    page.append("\n| instruction | flags |\n| --- | --- |\n");
    for (Keyword keyword : Keyword.values()) {
      String flags =
          keyword.flags().stream().map(flag -> "`" + flag + "`").collect(Collectors.joining(" "));
      page.append("| `").append(keyword).append("` | ").append(flags).append(" |\n");
    }
    page.append(CHECKS);
    Arrays.stream(Check.values())
        .forEach(
            check ->
                page.append("| `")
                    .append(check.title())
                    .append("` | ")
                    .append(check.finds())
                    .append(check.isExperimental() ? " (off)" : "")
                    .append(" |\n"));
    return page.append(COMING).toString();
  }
}
