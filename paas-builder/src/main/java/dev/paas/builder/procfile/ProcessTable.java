package dev.paas.builder.procfile;

import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The process types of a release and how each starts. */
public record ProcessTable(SortedMap<ProcessType, Command> commands) {

  /** What runs before a release, not in it. */
  public static final ProcessType RELEASE = new ProcessType("release");

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

  /** True when it has a process type that instances can be started of. */
  public boolean runs() {
    return commands.keySet().stream().anyMatch(type -> !type.equals(RELEASE));
  }

  public boolean has(ProcessType type) {
    return commands.containsKey(type);
  }
}
