package dev.paas.cli.access;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command about one's own keys or tokens, or, for admins, another user's. */
abstract class AccessCommand extends ApiCommand {

  private @Nullable String user;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.option("--user", "NAME", "Another user's, for admins.", value -> user = value);
  }

  /** The path with whose it is. */
  final String path(String own) {
    return user == null ? own : own + "?user=" + ApiClient.escape(user);
  }

  /** A body with whose it is. */
  final Map<String, Object> body(String name) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    if (user != null) {
      body.put("user", user);
    }
    return body;
  }
}
