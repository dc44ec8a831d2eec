package dev.paas.acceptance.poison;

import dev.paas.acceptance.poison.Poison.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One poison of each class, chosen by a seed: numbers and sums at limits and above them, bytes that
 * are no text, names that file systems and archives treat differently.
 */
final class Poisons {
  private final Random random;

  private Poisons(long seed) {
    this.random = new Random(seed);
  }

  static List<Poison> of(long seed) {
    Poisons poisons = new Poisons(seed);
    List<Poison> all = new ArrayList<>();
    all.addAll(poisons.planning());
    all.addAll(poisons.detection());
    all.addAll(poisons.bytes());
    all.addAll(poisons.names());
    return all;
  }

  private int oneOf(int... numbers) {
    return numbers[random.nextInt(numbers.length)];
  }

  private String oneOf(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  /** A number that few would choose, from 1 on, small ones as likely as large ones. */
  private int upTo(int most) {
    return 1 + (int) Math.min(most - 1.0, Math.pow(most, random.nextDouble()));
  }

  private static String times(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
  }

  /** Accepted up to {@code good}, declined from {@code bad} on. */
  private static End end(long number, long good, long bad) {
    return number <= good ? End.ACCEPTED : number >= bad ? End.DECLINED : End.EITHER;
  }

  // ---- numbers and sums of a Dockerfile

  private List<Poison> planning() {
    String whole =
        oneOf("ADD . /app", "ADD / /app/", "ADD ./ /app", "COPY ./. /app", "COPY / /app/");
    int value = oneOf(10, 1000, 10_000, 100_000);
    int copies = Math.min(1_500, Math.max(1, oneOf(50_000, 400_000, 500_000_000) / value));
    String variables = "ENV A=" + "x".repeat(value) + "\n" + variables(copies);
    int stages = oneOf(3, 100, 101, 10_000);
    int words = oneOf(40, 2_010, 490_000);
    int entries = oneOf(20, 1_900, 2_010, 60_000);
    String entry = oneOf("VOLUME /v%d", "EXPOSE %d", "LABEL l%d=x", "ARG a%d=x", "ENV e%d=x");
    int depth = oneOf(10, 1_000, 50_000);
    int lines = upTo(200_000);
    return List.of(
        Poison.dockerfile(whole, whole + "\n", End.ACCEPTED),
        Poison.dockerfile(
            "variable of " + value + " bytes, used " + copies + " times",
            variables,
            // Either planning.max-entries or planning.max-config.
            copies >= 1_024
                ? End.DECLINED
                : end((long) value * copies, copies > 1_000 ? 0 : 60_000, 300_000)),
        Poison.of(
            stages + " stages in a row",
            Map.of("Dockerfile", stages(stages)),
            end(stages, 100, 101)),
        Poison.dockerfile(
                "COPY of " + words + " words",
                "COPY" + " a".repeat(words) + " /x/\n",
                end(words, 40, 2_010))
            .with("a", "a\n"),
        Poison.dockerfile(
            entries + " times " + entry,
            times(entries, i -> String.format(entry, i + 1) + "\n"),
            end(entries, 20, 2_010)),
        Poison.dockerfile(
            "ports 1 to 65535 in words",
            "EXPOSE" + times(65_535, i -> " " + (i + 1)) + "\n",
            End.DECLINED),
        Poison.dockerfile(
            "replacement " + depth + " deep",
            "ENV D=" + "${A:-".repeat(depth) + "x" + "}".repeat(depth) + "\n",
            End.EITHER),
        Poison.dockerfile(
            "one instruction on " + lines + " lines",
            "ENV L=x \\\n" + "\\\n".repeat(lines) + "\n",
            End.EITHER),
        Poison.dockerfile(
            "a command of a megabyte", "RUN : " + "x".repeat(1_000_000) + "\n", End.EITHER),
        Poison.dockerfile(
            "what no kernel takes",
            oneOf(
                "USER 4294967296\n",
                "USER " + "u".repeat(70_000) + "\n",
                "WORKDIR /" + "w/".repeat(5_000) + "\n",
                "WORKDIR /" + "w".repeat(300) + "\n",
                "STOPSIGNAL 9999999999\n",
                "SHELL [\"" + "s".repeat(5_000) + "\"]\nRUN true\n"),
            End.EITHER));
  }

  private static String variables(int count) {
    return times(count, i -> "ENV B" + i + "=$A\n");
  }

  private static String stages(int count) {
    return Poison.BASE.strip()
        + " AS s0\n"
        + times(count - 1, i -> "FROM s" + i + " AS s" + (i + 1) + "\n")
        + Poison.SERVER;
  }

  // ---- the other files that are read before a build

  private List<Poison> detection() {
    int types = oneOf(101, 50_000);
    int depth = oneOf(5_000, 100_000);
    int patterns = oneOf(1_001, 100_000);
    String odd =
        oneOf(
            "", "# only a comment\n", "\ufeff", "\\\n", "FROM\n", "\0", "FROM debian\0\n", "\r\r");
    String site = "<p>a site</p>\n";
    return List.of(
        Poison.of(
            "a Procfile of " + types + " types",
            Map.of("index.html", site, "Procfile", times(types, i -> "t" + i + ": true\n")),
            End.DECLINED),
        Poison.of(
            "package.json " + depth + " deep",
            Map.of("package.json", "[".repeat(depth) + "]".repeat(depth)),
            End.DECLINED),
        Poison.of(
            "an odd package.json",
            Map.of("package.json", oneOf("", "null", "[]", "{\"scripts\":7}", "\u0001", "{")),
            End.DECLINED),
        Poison.of("an odd Dockerfile", Map.of("Dockerfile", odd), End.DECLINED),
        Poison.of("a Dockerfile of its own link", Map.of("index.html", site), End.EITHER)
            .with(
                oneOf(
                    "ln -s Dockerfile Dockerfile",
                    "ln -s . Dockerfile",
                    "mkdir Dockerfile; echo >Dockerfile/x")),
        Poison.dockerfile(patterns + " patterns to ignore", "COPY . /app\n", End.DECLINED)
            .with(".dockerignore", times(patterns, i -> "**/a" + i + "*b\n")),
        Poison.dockerfile("a pattern that tries everything", "COPY . /app\n", End.EITHER)
            .with(".dockerignore", "**/".repeat(500) + "*a*a*a*a*a*a*a*a*b\n")
            .with("f/" + "a".repeat(200), "x\n"),
        Poison.dockerfile(
                "a name with many stars", "COPY " + "*a".repeat(60) + "* /app/\n", End.EITHER)
            .with("a".repeat(200), "x\n"));
  }

  // ---- bytes

  private List<Poison> bytes() {
    String unknown = oneOf("\\x80", "\\xff\\xfe", "caf\\xe9", "\\xed\\xa0\\x80", "\\xc0\\xaf");
    return List.of(
        Poison.of("a name that is not UTF-8: " + unknown, Map.of("index.html", "x\n"), End.EITHER)
            .with("echo x >$'" + unknown + "'"),
        Poison.of("names that look alike", Map.of("index.html", "x\n"), End.EITHER)
            .with("echo 1 >$'\\xff'; echo 2 >$'\\xfe'; echo 3 >$'\\xef\\xbf\\xbd'"),
        Poison.dockerfile(
            "NUL for the kernel",
            oneOf("ENV A=x\0y\n", "RUN echo x\0y\n", "LABEL a=\0\n", "WORKDIR /a\0b\n"),
            End.DECLINED),
        Poison.of(
            "NUL in words of a command",
            Map.of("Dockerfile", Poison.BASE + "CMD [\"perl\", \"\\u0000\"]\n"),
            End.DECLINED),
        Poison.step(
            "output of all kinds",
            """
            head -c 300000 /dev/urandom
            head -c 300000 /dev/zero | tr '\\0' x
            printf 'gr\\303'
            head -c 100000 /dev/urandom >&2
            printf 'no newline'
            """,
            End.ACCEPTED),
        Poison.dockerfile("names escaped in a pattern", "COPY a/n\\?pe/f b\\\\c /x/\n", End.EITHER)
            .with("a/nope/f", "x\n")
            .with("b\\c", "y\n"),
        Poison.dockerfile(
            "variables of a shell", "ENV A=$@ B=$* C=$# D=$? E=$- F=$$\n", End.EITHER));
  }

  // ---- names and files that a step makes

  private List<Poison> names() {
    int links = oneOf(1_000, 20_000, 60_000);
    int names = oneOf(1_000, 20_000, 205_000);
    int deep = oneOf(100, 400, 3_000);
    int attributes = oneOf(1, 200);
    String fill = "perl -e 'mkdir \"/d\"; open F, \">/d/f\"; link \"/d/f\", \"/d/$_\".\"x\"x";
    return List.of(
        Poison.step(links + " hard links", fill + "20 or die for 1.." + links + "'", End.EITHER),
        Poison.step(
            names + " long names in one folder",
            fill + "200 or die for 1.." + names + "'",
            end(names, 20_000, 205_000)),
        Poison.step(
            "folders " + deep + " deep",
            "perl -e 'chdir \"/\"; for (1.." + deep + ") { mkdir \"d\" or die; chdir \"d\" }'",
            end(deep, 100, 400)),
        Poison.step(
            "names and paths as long as they may be",
            "perl -e 'chdir \"/\"; for (1..60) { mkdir \"d\"x255 or die; chdir \"d\"x255 }'",
            End.EITHER),
        Poison.step(
            attributes + " attributes of 60 KB",
            "perl -e 'open F, \">/f\"; syscall(188, \"/f\", \"user.a$_\", \"x\"x60000, 60000, 0) for 1.."
                + attributes
                + "'",
            End.EITHER),
        Poison.step(
            "links to everywhere",
            "mkdir /l; cd /l; ln -s . self; ln -s /etc/passwd p; ln -s / root; ln -s gone gone;"
                + " ln -s /proc/self/fd/0 fd",
            End.ACCEPTED),
        Poison.step(
            "files of every kind",
            "mkdir /k; cd /k; mkfifo p; truncate -s 100M sparse; mkdir no; touch no/f; chmod 0 no;"
                + " perl -MSocket -e 'socket S, AF_UNIX, SOCK_STREAM, 0; bind S, sockaddr_un(\"s\")'",
            End.EITHER),
        Poison.step(
            "names that layers use themselves",
            "mkdir /w; cd /w; touch .wh.f .wh..wh..opq .wh.. 'a\\b' ' ' \"$(printf 'n\\nl')\";"
                + " touch \"$(printf '\\377\\376')\"",
            End.EITHER));
  }
}
