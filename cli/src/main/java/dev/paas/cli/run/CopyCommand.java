package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.tar.TarPacker;
import dev.paas.cli.tar.TarUnpacker;
import dev.paas.cli.terminal.ProgressLine;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies files into an instance or out of it: the image's {@code tar} makes or reads a tar on the
 * other side.
 */
public final class CopyCommand extends AppCommand {

  /** Bytes on the way from the connection to the disk, or back. */
  private static final int PIPE = 256 << 10;

  private String from = "";
  private String to = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Copy files into an instance, or out of it. One side is INSTANCE:PATH, e.g. web.1:/srv,",
            "or APP:INSTANCE:PATH; its image has to have tar. A folder that is there gets what is",
            "copied into it; FOLDER/. means what is in a folder. - is a tar on standard input or",
            "output. Links that lead out of the copy, devices and sockets are left out and told, then",
            "the exit code is 1. Modes and times are kept, owners are not.")
        .word("FROM", "What to copy.", value -> from = value)
        .word("TO", "Where to.", value -> to = value)
        .example(
            "paas cp -a shop web.1:/srv/report.txt .",
            "paas cp ./fixtures shop:web.1:/tmp",
            "paas cp -a shop web:/srv - | tar tv");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    CopyPlace source = CopyPlace.of(from);
    CopyPlace target = CopyPlace.of(to);
    if (source.isRemote() == target.isRemote()) {
      throw new UsageException(
          "One side of a copy is in an instance: " + from + " " + to,
          "Write INSTANCE:PATH for it, e.g. paas cp web.1:/srv/a.txt . (a file here: ./a:b)");
    }
    CopyPlace remote = source.isRemote() ? source : target;
    CopyPlace local = source.isRemote() ? target : source;
    if (!local.isStream() && !session().local()) {
      throw new UsageException(
          "Over ssh there are no files of yours", "Write - for a tar on standard input or output.");
    }
    remote.app().ifPresent(named -> app = named);
    try {
      return source.isRemote() ? out(remote, local) : in(local, remote);
    } catch (ApiProblem refused) {
      throw explained(refused, remote);
    }
  }

  private int out(CopyPlace remote, CopyPlace local) throws ApiProblem, IOException {
    // Behind the folder's name, so that it can't be taken for an option.
    List<String> command = List.of("tar", "-cf", "-", "-C", remote.folder(), "./" + remote.name());
    if (local.isStream()) {
      return done(exec(remote, command, null, terminal().out()), true);
    }
    Path target = target(remote, local);
    try (PipedInputStream tar = new PipedInputStream(PIPE);
        ProgressLine progress = new ProgressLine(terminal())) {
      TarUnpacker unpacker = new TarUnpacker(remote.name(), target, progress::tell);
      PrintStream into = printing(new PipedOutputStream(tar));
      Side reader = new Side("paas-unpack", () -> unpacker.unpack(counted(tar, progress)), tar);
      int code;
      try {
        code = exec(remote, command, null, into, progress.above());
      } finally {
        into.close();
      }
      awaitUnpacked(reader, code);
      return done(code, unpacker.isComplete());
    }
  }

  /** A tar that was cut short is told by what cut it: the program there, or Ctrl-C. */
  private static void awaitUnpacked(Side reader, int code) throws IOException {
    try {
      reader.await();
    } catch (IOException cut) {
      if (code == ExitCode.OK || code == TerminalClient.NOT_READ) {
        throw cut;
      }
    }
  }

  private int in(CopyPlace local, CopyPlace remote) throws ApiProblem, IOException {
    if (local.isStream()) {
      return done(
          exec(
              remote,
              List.of("tar", "-xf", "-", "-C", remote.path()),
              terminal().in(),
              terminal().out()),
          true);
    }
    Path source = path(local);
    if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
      throw new UsageException("There is no " + local.path() + " here", "Check the name.");
    }
    boolean contents = local.name().equals(".") && Files.isDirectory(source);
    boolean into = contents || remote.endsAsFolder() || isFolder(remote);
    String folder = into ? remote.path() : remote.folder();
    String name = contents ? "." : into ? fileName(source) : remote.name();
    try (PipedOutputStream tar = new PipedOutputStream();
        ProgressLine progress = new ProgressLine(terminal())) {
      InputStream sent = counted(new PipedInputStream(tar, PIPE), progress);
      TarPacker packer = new TarPacker(tar, progress::tell);
      Side writer = new Side("paas-pack", () -> packer.pack(source, name), tar);
      List<String> command = List.of("tar", "-xf", "-", "-C", folder);
      int code = exec(remote, command, sent, terminal().out(), progress.above());
      if (code == ExitCode.OK) {
        // A tar may end before it has read what stands after the end.
        sent.transferTo(OutputStream.nullOutputStream());
        writer.await();
      } else {
        sent.close();
      }
      return done(code, packer.isComplete());
    }
  }

  private int exec(
      CopyPlace remote, List<String> command, @Nullable InputStream in, PrintStream out)
      throws ApiProblem, IOException {
    return exec(remote, command, in, out, terminal().err());
  }

  private int exec(
      CopyPlace remote,
      List<String> command,
      @Nullable InputStream in,
      PrintStream out,
      PrintStream err)
      throws ApiProblem, IOException {
    Map<String, Object> request =
        Map.of("command", command, "process", remote.instance().orElseThrow(), "stdin", in != null);
    return new TerminalClient(session(), path("/terminals"), true)
        .run(request, new CommandStreams(in, out, err));
  }

  /** Whether there is a folder of this name in the instance. */
  private boolean isFolder(CopyPlace remote) throws ApiProblem, IOException {
    try {
      return exec(remote, List.of("test", "-d", remote.path()), null, terminal().out())
          == ExitCode.OK;
    } catch (ApiProblem refused) {
      if (refused.code().equals("instance.no-such-command")) {
        return false;
      }
      throw refused;
    }
  }

  /** Where a copy goes: into a folder that is there, else to the place of this name. */
  private static Path target(CopyPlace remote, CopyPlace local) {
    Path target = path(local);
    if (Files.isDirectory(target)) {
      return remote.name().equals(".") ? target : target.resolve(remote.name());
    }
    Path folder = target.getParent();
    if (local.endsAsFolder() || folder == null || !Files.isDirectory(folder)) {
      throw new UsageException("There is no such folder here: " + local.path(), "Make it first.");
    }
    return target;
  }

  private static Path path(CopyPlace local) {
    try {
      return Path.of(local.path()).toAbsolutePath().normalize();
    } catch (InvalidPathException malformed) {
      throw new UsageException("This is no path: " + local.path(), "Check the name.");
    }
  }

  private static String fileName(Path source) {
    Path name = source.getFileName();
    return name == null ? "." : name.toString();
  }

  private int done(int code, boolean complete) {
    terminal().out().flush();
    if (code > TerminalClient.SIGNAL_BASE) {
      return code;
    }
    return code == ExitCode.OK && complete ? ExitCode.OK : ExitCode.FAILED;
  }

  private static ApiProblem explained(ApiProblem refused, CopyPlace remote) {
    return refused.code().equals("instance.no-such-command")
        ? new ApiProblem(
            refused.status(),
            refused.code(),
            "The image of " + remote.instance().orElse("") + " has no tar to copy files with",
            "Put tar into the image; a single text can be read with paas exec -- cat FILE.")
        : refused;
  }

  private static PrintStream printing(OutputStream to) {
    return new PrintStream(to, false, StandardCharsets.UTF_8);
  }

  private static InputStream counted(InputStream in, ProgressLine progress) {
    return new FilterInputStream(in) {
      private long count;

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        if (read > 0) {
          count += read;
          progress.show("copying", count, 0);
        }
        return read;
      }
    };
  }
}
