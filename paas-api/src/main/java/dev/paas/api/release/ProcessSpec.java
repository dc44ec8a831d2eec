package dev.paas.api.release;

import dev.paas.base.name.ProcessType;
import dev.paas.builder.procfile.Command;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a release says of one of its process types.
 *
 * @param command how an instance of it starts
 * @param routable whether its instances get requests: they are told a port, and must listen on it
 */
public record ProcessSpec(Command command, boolean routable) {

  /**
   * The process types of a build. {@code web} is routable, and no other: the one place with that
   * rule.
   */
  public static SortedMap<ProcessType, ProcessSpec> table(
      SortedMap<ProcessType, Command> commands) {
    SortedMap<ProcessType, ProcessSpec> table = new TreeMap<>();
    commands.forEach(
        (process, command) -> table.put(process, new ProcessSpec(command, routable(process))));
    return table;
  }

  private static boolean routable(ProcessType process) {
    return process.equals(ProcessType.WEB);
  }

  /** How many instances of a type there are when no release has it yet and nobody has said so. */
  public static int quantityByDefault(ProcessType process) {
    return routable(process) ? 1 : 0;
  }

  /** How many instances there are when nobody has said so. */
  public int quantityByDefault() {
    return routable ? 1 : 0;
  }
}
