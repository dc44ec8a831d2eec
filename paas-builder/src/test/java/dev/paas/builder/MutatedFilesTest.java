package dev.paas.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Files as people write them, with some bytes changed, lost, doubled or taken from elsewhere, end
 * in a plan or in a problem that a person can use. {@code -Dpaas.seed} chooses other changes,
 * {@code -Dpaas.mutants} how many.
 */
class MutatedFilesTest {

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  /** The width of a terminal, less {@code "remote: "}. */
  private static final int COLUMNS = 72;

  private static final List<Map<String, String>> ORIGINALS =
      List.of(
          Map.of(
              "Dockerfile",
              """
              # syntax=docker/dockerfile:1
              # escape=\\
              ARG NODE=22
              ARG VARIANT
              FROM --platform=$TARGETPLATFORM node:${NODE} AS deps
              WORKDIR /srv/app
              COPY package*.json ./
              COPY ["a", "dir/b", "/tmp/x y/"]
              RUN npm ci --omit=dev \\
                  # caches stay out
                  && npm cache clean --force

              FROM deps AS build
              ARG REVISION=unknown
              ENV NODE_ENV=production PATH="/srv/app/bin:$PATH" \\
                  GREETING='Hello, "world"' URL=${BASE:-http://localhost:${PORT:-8080}/}
              LABEL org.opencontainers.image.revision="$REVISION" maintainer=someone
              COPY . .
              SHELL ["/bin/bash", "-o", "pipefail", "-c"]
              RUN npm run build | tee log

              FROM node:22
              COPY --from=build --chown=node:node /srv/app/dist/ /srv/www/
              COPY --from=0 /srv/app/node_modules ./node_modules
              ADD dir /data/
              EXPOSE 8080/tcp 9000-9003
              VOLUME ["/data"]
              STOPSIGNAL SIGINT
              USER node
              ENTRYPOINT ["docker-entrypoint.sh"]
              CMD ["node", "server.js", "--port=8080"]
              """,
              ".dockerignore",
              "# local\n.git\nnode_modules\n**/*.log\n!keep.log\n/dist/\n",
              "Procfile",
              "web: node server.js\nworker: node worker.js # one\nrelease: npm run migrate\n"),
          Map.of(
              "Dockerfile",
              """
              FROM debian
              MAINTAINER someone
              ENV LANG C.UTF-8
              ENV VERSION=1.22.333 MAJOR=${VERSION%%.*} FLAT=${VERSION//./-}
              RUN set -eux; \\
                  if [ -n "$MAJOR" ]; then echo "${MAJOR:?}"; fi
              COPY a dir/[a-c] a\\*b /opt/${MAJOR}/
              CMD exec sh -c 'echo $VERSION'
              """,
              "Dockerfile.dockerignore",
              "*\n!a\n!dir\n"),
          Map.of(
              "package.json",
              """
              {
                "name": "app", "version": "1.0.0", "main": "server.js",
                "scripts": {"build": "tsc", "start": "node server.js --x", "test": "jest"},
                "engines": {"node": ">=18.2 <23 || ^24"},
                "dependencies": {"a": "^1.0.0", "b": "file:../b"},
                "workspaces": ["packages/*"], "packageManager": "yarn@4.1.0"
              }
              """,
              "Procfile",
              "web: npm start\nclock: node clock.js\n"),
          Map.of(
              "Staticfile",
              "root: dir\nindex_fallback: true\n# and\npushstate: enabled\n",
              "index.html",
              "<p>"));

  /** What is put in: bytes that mean something to some reader, and such that no text has. */
  private static final List<String> PIECES =
      List.of(
          "\0",
          "\\",
          "\"",
          "'",
          "$",
          "${",
          "}",
          "[",
          "]",
          "{",
          "\n",
          "\r",
          "\t",
          "\f",
          " ",
          "#",
          "<<E",
          "--",
          "=",
          ":",
          "/",
          "..",
          "*",
          "?",
          "!",
          ",",
          "`",
          "\u00ff",
          "\u00c3",
          "\u00ed\u00a0\u0080",
          "\u00ef\u00bb\u00bf",
          "\u00c2\u00a0",
          "\u00e2\u0080\u00ae",
          "\u00f0\u009f\u0098\u0080",
          "99999999999",
          "-1",
          "@",
          "\u001b[2J",
          "FROM",
          "COPY",
          "ENV",
          "AS",
          "web",
          "start");

  @Test
  void everyMutantEndsInAPlanOrAProblemThatNamesItsPlace() {
    long seed = Long.getLong("paas.seed", 20_261_129L);
    int count = Integer.getInteger("paas.mutants", 4000);
    Random random = new Random(seed);
    int planned = 0;
    for (int i = 0; i < count; i++) {
      Map<String, String> original = ORIGINALS.get(random.nextInt(ORIGINALS.size()));
      Map.Entry<String, String> file =
          List.copyOf(new TreeMap<>(original).entrySet()).get(random.nextInt(original.size()));
      String changed = file.getKey();
      byte[] mutant = mutated(file.getValue().getBytes(StandardCharsets.UTF_8), random);
      TestTree tree =
          new TestTree()
              .file("a", "x")
              .file("a*b", "x")
              .file("dir/b", "y")
              .link("link", "dir")
              .submodule("sub");
      original.forEach(tree::file);
      tree.file(changed, mutant);
      BaseImages images = random.nextBoolean() ? KnownImages.usual() : BaseImages.UNKNOWN;
      try {
        FrontEnds.plan(tree.build(), images, OPTIONS);
        planned++;
      } catch (PaasException refused) {
        check(refused.problem(), changed, mutant, seed);
      } catch (Exception | StackOverflowError unexpected) {
        fail(described(changed, mutant, seed), unexpected);
      }
    }
    assertThat(planned).isBetween(count / 20, count - count / 20);
  }

  private static void check(Problem problem, String changed, byte[] mutant, long seed) {
    String message = described(changed, mutant, seed);
    String place =
        switch (problem.code().substring(0, problem.code().indexOf('.'))) {
          case "dockerfile" -> "Dockerfile:";
          case "procfile" -> "Procfile:";
          case "node" -> "package.json";
          default -> "";
        };
    assertThat(problem.code()).as(message).matches("[a-z]+\\.[a-z-]+");
    assertThat(problem.what())
        .as(message)
        .startsWith(place)
        .matches("(?s)[^\\p{Cc}\\p{Cf}]*(\n[^\\p{Cc}\\p{Cf}]*)*");
    assertThat(problem.what().lines().skip(1))
        .as(message)
        .allMatch(line -> line.length() <= COLUMNS);
    assertThat(problem.value()).as(message).matches("[^\\p{Cc}\\p{Cf}]*");
    assertThat(problem.fix()).as(message).matches(".*[.?]|(.*[.?] )?paas .*");
  }

  private static String described(String file, byte[] text, long seed) {
    return "seed " + seed + ", " + file + ":\n" + new String(text, StandardCharsets.UTF_8);
  }

  private static byte[] mutated(byte[] text, Random random) {
    byte[] now = text;
    for (int changes = 1 + random.nextInt(3); changes > 0 && now.length > 0; changes--) {
      int at = random.nextInt(now.length);
      int length = random.nextInt(Math.min(20, now.length - at)) + 1;
      byte[] piece =
          switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> Arrays.copyOfRange(now, at, at + length);
            case 3 -> {
              int from = random.nextInt(now.length);
              yield Arrays.copyOfRange(now, from, Math.min(now.length, from + 40));
            }
            default ->
                PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.ISO_8859_1);
          };
      int replaced = random.nextInt(3) == 0 ? length : random.nextInt(2);
      byte[] next = Arrays.copyOf(now, now.length - replaced + piece.length);
      System.arraycopy(piece, 0, next, at, piece.length);
      System.arraycopy(now, at + replaced, next, at + piece.length, now.length - at - replaced);
      now = next;
    }
    return now;
  }
}
