package dev.paas.builder.procfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcfileTest {

  @Test
  void linesCommentsAndCarriageReturnsAreRead() {
    ProcessTable table =
        Procfile.parse(
            "\uFEFF# comment\r\n// another\r\nweb: node server.js --a=b:c # inline\r\n\r\n"
                + "worker:sh -c 'echo # not a comment'\r\nclock: a#b",
            100);
    assertThat(shown(table, "web")).isEqualTo("node server.js --a=b:c");
    assertThat(shown(table, "worker")).isEqualTo("sh -c 'echo # not a comment'");
    assertThat(shown(table, "clock")).isEqualTo("a#b");
    assertThat(table.commands()).hasSize(3);
  }

  @Test
  void commandsRunInAShell() {
    assertThat(command(Procfile.parse("web: a && b", 100), "web").argv())
        .isEqualTo(List.of("/bin/sh", "-c", "a && b"));
  }

  @Test
  void anEmptyProcfileHasNoTypes() {
    assertThat(Procfile.parse("", 100).commands()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "web node, procfile.no-colon, Procfile:2, web: node server.js",
    "web:, procfile.no-command, Procfile:2, remove the line",
    "'web: # x', procfile.no-command, Procfile:2, remove the line",
    "Web: x, procfile.bad-type, Procfile:2, Did you mean web?",
    "my_worker: x, procfile.bad-type, Procfile:2, Did you mean worker?",
    "my_worker: x, procfile.bad-type, Procfile:2, letters",
    "x_y: x, procfile.bad-type, Procfile:2, hyphens",
    "a b: x, procfile.bad-type, Procfile:2, hyphens",
    "web\u200b: x, procfile.bad-type, Procfile:2, hyphens",
    "- web: x, procfile.bad-type, Procfile:2, hyphens",
    "wéb: x, procfile.bad-type, Procfile:2, lower-case",
    "first: x, procfile.duplicate, Procfile:2, Keep one line",
    ": x, procfile.bad-type, Procfile:2, lower-case",
  })
  void aBadLineIsNamedWithItsNumber(String line, String code, String place, String fix) {
    assertThatThrownBy(() -> Procfile.parse("first: ok\n" + line, 100))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(code);
              assertThat(e.problem().what()).startsWith(place);
              assertThat(e.problem().fix()).contains(fix);
            });
  }

  @Test
  void aProcfileWinsOverWhatWasDetected() {
    ProcessTable detected = ProcessTable.web(new Command("image", List.of()));
    ProcessTable both = detected.overlaid(Procfile.parse("worker: w", 100));
    assertThat(shown(both, "web")).isEqualTo("image");
    assertThat(shown(both, "worker")).isEqualTo("w");
    assertThat(shown(detected.overlaid(Procfile.parse("web: x", 100)), "web")).isEqualTo("x");
  }

  private static String shown(ProcessTable table, String type) {
    return command(table, type).shown();
  }

  private static Command command(ProcessTable table, String type) {
    return Objects.requireNonNull(table.commands().get(new ProcessType(type)));
  }
}
