package dev.paas.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against git itself, and the tar of this machine. */
class SourceFolderIT {

  @TempDir Path folder;

  @Test
  void whatGitIgnoresIsNotSent() throws Exception {
    ignore(
        "",
        "# a comment",
        "*.log",
        "!keep.log",
        "/only-here",
        "build/",
        "docs/*.txt",
        "**/deep/x",
        "a/**/z",
        "everything/**",
        "!everything/",
        "\\#odd",
        "\\!odd",
        "trailing ",
        "[ab]?.c",
        "[!x]y.h",
        "*.t*p",
        "nested/dir");
    ignore("sub/", "*.md", "!/keep.md", "/keep.log");
    for (String path :
        List.of(
            "a.log",
            "keep.log",
            "sub/keep.log",
            "only-here",
            "sub/only-here",
            "build/x",
            "sub/build/y",
            "sub/sub/build",
            "docs/a.txt",
            "docs/in/a.txt",
            "deep/x",
            "q/deep/x",
            "q/deep/y",
            "a/z",
            "a/b/z",
            "a/b/c/z",
            "everything/x",
            "everything/y/z",
            "#odd",
            "!odd",
            "trailing",
            "a1.c",
            "c1.c",
            "ay.h",
            "xy.h",
            "x.tmp",
            "x.tp",
            "x.tm",
            "nested/dir/f",
            "sub/nested/dir",
            "sub/a.md",
            "sub/keep.md",
            "sub/in/keep.md",
            "ünïcode name")) {
      write(path);
    }
    Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("linked.log"), Path.of("keep.log"));
    String known = run("git", "init", "-q") + run("git", "ls-files", "-zco", "--exclude-standard");

    assertThat(SourceFolder.of(folder).paths())
        .containsExactlyInAnyOrder(known.split("\0"))
        .contains("keep.log", "link", "sub/keep.md")
        .doesNotContain("a.log", "build/x");
  }

  @Test
  void theTarIsWhatTarReads(@TempDir Path unpacked) throws Exception {
    String longName = "d".repeat(120) + "/" + "f".repeat(200);
    write(longName);
    write("empty");
    Files.write(folder.resolve("empty"), new byte[0]);
    Files.write(folder.resolve("block"), new byte[512]);
    write("run.sh");
    assertThat(folder.resolve("run.sh").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(folder.resolve("link"), Path.of("t".repeat(150)));
    Process tar =
        new ProcessBuilder("tar", "-x", "-C", unpacked.toString())
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (InputStream in = new FolderTar(SourceFolder.of(folder));
        var to = tar.getOutputStream()) {
      in.transferTo(to);
    }
    assertThat(tar.waitFor()).isZero();
    assertThat(unpacked.resolve(longName)).hasContent(longName);
    assertThat(unpacked.resolve("empty")).isEmptyFile();
    assertThat(unpacked.resolve("block")).hasBinaryContent(new byte[512]);
    assertThat(unpacked.resolve("run.sh")).isExecutable();
    assertThat(unpacked.resolve(longName))
        .satisfies(file -> assertThat(file.toFile().canExecute()).isFalse());
    assertThat(Files.readSymbolicLink(unpacked.resolve("link")))
        .isEqualTo(Path.of("t".repeat(150)));
  }

  private void ignore(String below, String... lines) throws IOException {
    Files.createDirectories(folder.resolve(below));
    Files.writeString(folder.resolve(below + ".gitignore"), String.join("\n", lines) + "\n");
  }

  private void write(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, path);
  }

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
