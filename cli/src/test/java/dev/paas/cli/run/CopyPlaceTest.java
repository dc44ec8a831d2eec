package dev.paas.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.cli.command.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CopyPlaceTest {

  @ParameterizedTest
  @CsvSource({
    "web.1:/srv/a.txt, '', web.1, /srv/, a.txt",
    "shop:web.1:/srv/a, shop, web.1, /srv/, a",
    "web:a, '', web, ., a",
    "web:/srv/, '', web, /, srv",
    "web:/srv/., '', web, /srv/., .",
    "web:/, '', web, /, .",
    "web:.., '', web, .., .",
    "web:a:b, web, a, ., b",
    "web.1:a:b, '', web.1, ., a:b"
  })
  void pathsInInstances(String word, String app, String instance, String folder, String name) {
    CopyPlace place = CopyPlace.of(word);
    assertThat(place.app().orElse("")).isEqualTo(app);
    assertThat(place.instance()).contains(instance);
    assertThat(place.folder()).isEqualTo(folder);
    assertThat(place.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"a.txt", "./web:1", "/srv/web.1:a", "..", "C:a"})
  void pathsHere(String word) {
    assertThat(CopyPlace.of(word).isRemote()).isFalse();
    assertThat(CopyPlace.of(word).path()).isEqualTo(word);
  }

  @Test
  void instanceWithoutAPathIsRefused() {
    assertThatThrownBy(() -> CopyPlace.of("web.1:")).isInstanceOf(UsageException.class);
  }
}
