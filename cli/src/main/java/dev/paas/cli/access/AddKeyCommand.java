package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
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

/** {@code paas keys:add NAME [FILE]}. */
public final class AddKeyCommand extends AccessCommand {

  private static final int MAX_KEY = 16 << 10;

  private String name = "";

  private @Nullable String file;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Add an SSH key that may push and run commands.")
        .word("NAME", "A name for the key.", value -> name = value)
        .optionalWord(
            "FILE",
            "The .pub file, - for standard input (default: ~/.ssh/id_ed25519.pub).",
            value -> file = value)
        .example("paas keys:add laptop ~/.ssh/id_ed25519.pub");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (file == null && (name.contains("/") || name.endsWith(".pub"))) {
      throw new UsageException(
          "This is a file, not a name: " + name, "Name the key, too: paas keys:add laptop " + name);
    }
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
    String named =
        file == null ? Login.home(System.getenv()).resolve(".ssh/id_ed25519.pub").toString() : file;
    try {
      return Files.readString(Path.of(named)).strip();
    } catch (IOException | InvalidPathException unreadable) {
      throw new UsageException(
          "Can't read the key " + named, "Make one with ssh-keygen -t ed25519, or name the file.");
    }
  }
}
