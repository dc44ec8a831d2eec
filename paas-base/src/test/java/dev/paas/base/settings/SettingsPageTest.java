package dev.paas.base.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/settings.md to the code: an operator reads there what the daemons know. */
final class SettingsPageTest {
  private static final Pattern BLOCK = Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TABLE = Pattern.compile("^\\[(.+)]$");
  private static final Pattern KEY = Pattern.compile("^([a-z-]+) = .*$");

  private final String page;

  SettingsPageTest() throws IOException {
    page =
        BLOCK
            .matcher(Files.readString(Path.of("../docs/settings.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .collect(Collectors.joining());
  }

  @Test
  void pageHasTheDefaults() {
    assertThat(Settings.parse("docs/settings.md", page, PlatformSettings.DEFAULTS))
        .isEqualTo(PlatformSettings.DEFAULTS);
  }

  @Test
  void pageHasEveryKey() {
    String table = "";
    StringBuilder keys = new StringBuilder();
    for (String line : page.split("\n")) {
      var opened = TABLE.matcher(line);
      var key = KEY.matcher(line);
      if (opened.matches()) {
        table = opened.group(1);
      } else if (key.matches()) {
        keys.append(table).append('.').append(key.group(1)).append('\n');
      }
    }
    assertThat(keys.toString().split("\n"))
        .containsExactlyInAnyOrderElementsOf(Settings.list(PlatformSettings.DEFAULTS).keySet());
  }
}
