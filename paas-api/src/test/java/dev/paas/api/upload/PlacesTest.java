package dev.paas.api.upload;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.upload.Places.Place;
import org.junit.jupiter.api.Test;

class PlacesTest {

  private final Places places = new Places(3, 2);

  @Test
  void nobodyTakesMoreThanTheirShare() {
    Place first = places.take("ann");
    places.take("ann");
    assertThatThrownBy(() -> places.take("ann"))
        .hasMessageContaining("upload.busy")
        .hasMessageContaining("of yours");
    places.take("bob");
    assertThatThrownBy(() -> places.take("cleo"))
        .hasMessageContaining("upload.busy")
        .hasMessageContaining("The platform is busy");
    first.close();
    first.close();
    assertThatCode(() -> places.take("cleo")).doesNotThrowAnyException();
    assertThatThrownBy(() -> places.take("ann")).hasMessageContaining("upload.busy");
  }
}
