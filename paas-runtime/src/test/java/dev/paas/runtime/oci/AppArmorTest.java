package dev.paas.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AppArmorTest {

  @Test
  void onlyAProfileThatIsInForceIsUsed() {
    assertThat(AppArmor.profile("lsb_release (enforce)\npaas-instance (enforce)\nman (enforce)\n"))
        .contains("paas-instance");
    assertThat(AppArmor.profile("paas-instance (complain)\n")).isEmpty();
    assertThat(AppArmor.profile("my-paas-instance (enforce)\npaas-instance2 (enforce)\n"))
        .isEmpty();
    assertThat(AppArmor.profile("")).isEmpty();
  }
}
