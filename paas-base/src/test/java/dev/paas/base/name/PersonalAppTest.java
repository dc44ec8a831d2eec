package dev.paas.base.name;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PersonalAppTest {

  @Test
  void eachUserHasAnotherNameWhichNoAppHas() {
    String longest = "a" + "b".repeat(AppName.MAX_LENGTH - 1);
    assertThat(PersonalApp.of(longest)).isEqualTo(PersonalApp.of(longest));
    assertThat(PersonalApp.of(longest)).isNotEqualTo(PersonalApp.of(longest.substring(1)));
    assertThat(PersonalApp.is(PersonalApp.of("ann"))).isTrue();
    assertThat(PersonalApp.is(new AppName("u-shop"))).isFalse();
  }
}
