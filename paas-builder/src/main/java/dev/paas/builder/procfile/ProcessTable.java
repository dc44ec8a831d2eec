package dev.paas.builder.procfile;

import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The process types of a release and how each starts. */
public record ProcessTable(SortedMap<ProcessType, Command> commands) {

  public ProcessTable {
    commands = Collections.unmodifiableSortedMap(new TreeMap<>(commands));
  }

  public static ProcessTable web(Command command) {
    return new ProcessTable(new TreeMap<>(Map.of(ProcessType.WEB, command)));
  }

  /** This table with the lines of a Procfile laid over it: they win, and may add types. */
  public ProcessTable overlaid(ProcessTable procfile) {
    SortedMap<ProcessType, Command> both = new TreeMap<>(commands);
    both.putAll(procfile.commands);
    return new ProcessTable(both);
  }

  public boolean has(ProcessType type) {
    return commands.containsKey(type);
  }
}
