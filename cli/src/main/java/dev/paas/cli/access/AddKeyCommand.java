package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas keys:add NAME [FILE]}. */
@Command(
    name = "keys:add",
    description = "Add an SSH key that may push and run commands.",
    footer = {"", "Example:", "  paas keys:add laptop ~/.ssh/id_ed25519.pub"})
public final class AddKeyCommand extends AccessCommand {

  private static final int MAX_KEY = 16 << 10;

  @Parameters(index = "0", paramLabel = "NAME", description = "A name for the key.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The .pub file, - for standard input (default: ~/.ssh/id_ed25519.pub).")
  private @Nullable String file;

  @Override
  public int run() throws ApiProblem, IOException {
    Map<String, Object> body = body(name);
    body.put("key", key());
    Json key = api().post("/v1/keys", body);
    if (!printed(key)) {
      out().println("Added " + key.text("name") + " " + key.text("fingerprint") + ".");
    }
    return ExitCode.OK;
  }

  private String key() throws IOException {
    if ("-".equals(file) || !session().local()) {
      return new String(terminal().in().readNBytes(MAX_KEY), StandardCharsets.UTF_8).strip();
    }
    String named = file == null ? System.getProperty("user.home") + "/.ssh/id_ed25519.pub" : file;
    try {
      return Files.readString(Path.of(named)).strip();
    } catch (IOException | InvalidPathException unreadable) {
      throw new UsageException(
          "Can't read the key " + named, "Make one with ssh-keygen -t ed25519, or name the file.");
    }
  }
}
