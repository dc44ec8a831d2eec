package dev.paas.cli.host;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import java.util.List;

/** {@code paas completion}. */
public final class CompletionCommand extends ApiCommand {

  private String shell = "bash";

  private final List<String> names;

  /** Completes these names, in their form with a colon. */
  public CompletionCommand(List<String> names) {
    this.names = names;
  }

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Print a script that completes the names of commands in bash.")
        .optionalWord("SHELL", "bash.", value -> shell = value)
        .example("source <(paas completion)");
  }

  @Override
  public int run() {
    if (!shell.equals("bash")) {
      throw new UsageException("There is no completion for " + shell, "Use bash.");
    }
    out()
        .println(
            """
            _paas() {
              local word="${COMP_LINE:0:COMP_POINT}"
              word="${word##* }"
              COMPREPLY=()
              [ "${COMP_LINE:0:COMP_POINT}" = "paas $word" ] || return
              local all="%s"
              COMPREPLY=($(compgen -W "$all" -- "$word"))
              # Bash completes only behind the last colon.
              case "$word" in *:*) COMPREPLY=("${COMPREPLY[@]#"${word%%%%:*}:"}") ;; esac
            }
            complete -F _paas paas"""
                .formatted(String.join(" ", names)));
    return ExitCode.OK;
  }
}
