package dev.paas.base.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * docs/settings.md is made of {@code defaults.toml}: {@code mvn test -pl paas-base -am
 * -Dtest=SettingsPageTest -Dpaas.pages=write} writes it.
 */
final class SettingsPageTest {

  private static final Path PAGE = Path.of("../docs/settings.md");

  private static final String INTRODUCTION =
      """
      # Settings

      One TOML file for all daemons: `/etc/paas/paas.toml`, or the file that `PAAS_CONFIG` names. Below stands every key with
      its default; a file needs only the lines that differ. A key that is not here stops the start and names the nearest one,
      and a value out of its range stops it and names the range. Durations are written `500ms`, `30s`, `5m`, `2h`; sizes `64KiB`,
      `10MiB`, `8GiB`; other numbers are 1 at least. This page is made from the defaults that the daemons read.
      """;

  /** Lines that begin so are headings and paragraphs of the page; the rest are blocks of TOML. */
  private static final String HEADING = "## ";

  private static final String PROSE = "#: ";

  @Test
  void pageIsMadeOfTheDefaults() throws IOException {
    if (System.getProperty("paas.pages", "").equals("write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE).hasContent(page());
  }

  private static String page() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    boolean block = false;
    for (String line : PlatformSettings.defaultsText().lines().toList()) {
      boolean prose = line.startsWith(HEADING) || line.startsWith(PROSE);
      if (block && prose) {
        page.setLength(page.length() - 1);
        page.append("```\n");
        block = false;
      } else if (!block && line.startsWith("[")) {
        page.append("```toml\n");
        block = true;
      }
      page.append(line.startsWith(HEADING) ? "\n" : "");
      page.append(line.startsWith(PROSE) ? line.substring(PROSE.length()) : line).append('\n');
    }
    return page.append(block ? "```\n" : "").toString();
  }
}
