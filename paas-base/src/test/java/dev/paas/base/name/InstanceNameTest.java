package dev.paas.base.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceNameTest {

  @ParameterizedTest
  @CsvSource({
    "shop.web.v3.1.g0, shop, web, 3, 1, 0",
    "a.b.v0.0.g0, a, b, 0, 0, 0",
    "my-shop-2.night-worker.v12.100.g7, my-shop-2, night-worker, 12, 100, 7",
    // A process type may look like a release.
    "shop.v3.v4.1.g0, shop, v3, 4, 1, 0"
  })
  void aNameIsReadAsItIsWritten(
      String text, String app, String process, long release, int slot, long generation) {
    InstanceName name =
        new InstanceName(new AppName(app), new ProcessType(process), release, slot, generation);
    assertThat(name).hasToString(text);
    assertThat(InstanceName.parse(text)).contains(name);
  }

  @Test
  void theFormOfOlderVersionsIsReadAndWrittenAsTheNewOne() {
    assertThat(InstanceName.parse("shop.v3.web.1.g0").map(InstanceName::toString))
        .contains("shop.web.v3.1.g0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop",
        "shop.web.1",
        "shop.web.v3.1",
        "shop.web.v3.1.g0.log",
        "shop.web.v3.1.g0.one-off",
        "shop.web.v03.1.g0",
        "shop.web.v3.-1.g0",
        "shop-.web.v3.1.g0",
        "Shop.web.v3.1.g0",
        "shop.web.v3.99999999999.g0",
        "shop.web.v99999999999999999999.1.g0",
        "../x.web.v3.1.g0"
      })
  void whatIsNoNameIsNotRead(String text) {
    assertThat(InstanceName.parse(text)).isEmpty();
  }

  @Test
  void namesAreInTheOrderOfTheirNumbers() {
    List<String> wanted =
        List.of("a.web.v2.1.g0", "a.web.v2.2.g0", "a.web.v2.10.g0", "a.web.v10.1.g0");
    TreeSet<InstanceName> sorted = new TreeSet<>();
    wanted.forEach(text -> sorted.add(InstanceName.parse(text).orElseThrow()));
    assertThat(sorted).extracting(InstanceName::toString).containsExactlyElementsOf(wanted);
  }
}
