package dev.paas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.http.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaasCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ps:scale --help",
        "ps scale --help",
        "scale --help",
        "help scale",
        "help ps:scale"
      })
  void bothFormsAndTheShortOneAreTheSameCommand(String line) {
    assertThat(run(line)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: paas scale ");
  }

  @ParameterizedTest
  @EnumSource(Catalog.class)
  void everyCommandHasHelpWithAnExample(Catalog entry) {
    assertThat(run(entry.canonical() + " --help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("Usage: paas " + entry.canonical())
        .contains("Example:\n  ")
        .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 80));
  }

  @Test
  void helpListsEveryCommandInEightyColumns() {
    assertThat(run("")).isZero();
    assertThat(run("--help")).isZero();
    String help = out.toString(StandardCharsets.UTF_8);
    for (Catalog entry : Catalog.values()) {
      assertThat(help).contains("  " + entry.usage());
    }
    assertThat(help.lines()).allMatch(line -> line.length() <= 82);
  }

  @Test
  void anUnknownCommandNamesTheNearest() {
    assertThat(run("relases")).isEqualTo(2);
    assertThat(text(err))
        .isEqualTo("error: There is no command relases\nfix: Did you mean paas releases?\n");
    assertThat(run("config:gte X -a shop")).isEqualTo(2);
    assertThat(text(err)).contains("Did you mean paas config:get?");
  }

  @Test
  void wrongOptionsAndMissingWordsAreUsageErrors() {
    assertThat(run("ps --nope")).isEqualTo(2);
    assertThat(text(err)).contains("--nope").contains("fix: See paas help ps.");
    assertThat(run("create")).isEqualTo(2);
    assertThat(text(err)).contains("NAME");
  }

  @Test
  void withoutAnAppTheWaysToNameItAreSaid() {
    assertThat(run("ps")).isEqualTo(2);
    assertThat(text(err)).startsWith("error: Which app?").contains("-a APP");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scale web",
        "scale web=x",
        "scale =1",
        "scale web=+1",
        "scale web+",
        "restart web.0",
        "logs --since 1y",
        "logs --since 0m",
        "logs -p ../x",
        "config set =x",
        "config set A B"
      })
  void malformedArgumentsAreSaidBeforeAnybodyIsAsked(String line) {
    assertThat(run(line + " -a shop")).isEqualTo(2);
    assertThat(text(err)).startsWith("error: ").contains("\nfix: ").doesNotContain("reach");
  }

  @Test
  void aKeyFileWithoutANameIsNoName() {
    assertThat(run("keys:add ~/.ssh/x.pub")).isEqualTo(2);
    assertThat(text(err)).contains("fix: Name the key, too: paas keys:add laptop ~/.ssh/x.pub");
  }

  @Test
  void aProcessTypeIsNamedOnce() {
    assertThat(run("scale web=2 web+1 -a shop")).isEqualTo(2);
    assertThat(text(err)).startsWith("error: web is named twice");
    assertThat(run("scale web=2 web=3 -a shop")).isEqualTo(2);
    assertThat(text(err)).startsWith("error: web is named twice");
  }

  @Test
  void nobodyListeningIsSaidWithTheAddress() {
    assertThat(run("-a shop ps")).isEqualTo(5);
    assertThat(text(err))
        .contains("Can't reach the platform at http://127.0.0.1:1")
        .contains("PAAS_API");
  }

  @Test
  void anAddressThatIsNoneIsSaid() {
    assertThat(
            PaasCommand.run(
                List.of("apps"),
                InputStream.nullInputStream(),
                PaasCommand.utf8(out),
                PaasCommand.utf8(err),
                new Endpoint("example.org", null)))
        .isEqualTo(5);
    assertThat(text(err)).contains("This is not the address of an API: example.org");
  }

  private int run(String line) {
    err.reset();
    return PaasCommand.run(
        line.isEmpty() ? List.of() : List.of(line.split(" ")),
        InputStream.nullInputStream(),
        PaasCommand.utf8(out),
        PaasCommand.utf8(err),
        new Endpoint("http://127.0.0.1:1", null));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
