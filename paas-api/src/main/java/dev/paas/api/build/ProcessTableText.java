package dev.paas.api.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.name.ProcessType;
import dev.paas.builder.procfile.Command;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The form in which a process table is stored: {@code {"web": {"shown": …, "argv": […]}}}. */
public final class ProcessTableText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Stored>> FORM = new TypeReference<>() {};

  private record Stored(String shown, List<String> argv) {}

  private ProcessTableText() {}

  public static String write(SortedMap<ProcessType, Command> commands) {
    Map<String, Stored> form = new TreeMap<>();
    commands.forEach(
        (type, command) -> form.put(type.value(), new Stored(command.shown(), command.argv())));
    try {
      return JSON.writeValueAsString(form);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static SortedMap<ProcessType, Command> read(String text) {
    SortedMap<ProcessType, Command> commands = new TreeMap<>();
    try {
      JSON.readValue(text, FORM)
          .forEach(
              (type, stored) ->
                  commands.put(new ProcessType(type), new Command(stored.shown(), stored.argv())));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a stored process table", broken);
    }
    return commands;
  }
}
