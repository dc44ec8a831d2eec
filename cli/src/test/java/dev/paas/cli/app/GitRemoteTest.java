package dev.paas.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitRemoteTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh://paas@example.org:2222/shop",
        "ssh://paas@example.org/shop.git",
        "ssh://paas@[::1]:2222/shop",
        "paas@example.org:shop",
        "paas@example.org:/shop.git"
      })
  void theAppIsInTheAddress(String address) {
    assertThat(GitRemote.app(address)).hasValue("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh://paas@example.org:2222/shop",
        "ssh://EXAMPLE.org:2222/shop.git/",
        "ssh://git@127.0.0.1:2222/shop"
      })
  void anAddressOfThisPlatformIsRecognised(String address) {
    assertThat(GitRemote.isSame(address, "ssh://paas@example.org:2222/shop.git", "localhost"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh://paas@example.org/shop",
        "ssh://paas@example.org:2222/shpo",
        "ssh://paas@example.com:2222/shop",
        "paas@example.org:shop",
        "https://example.org:2222/shop"
      })
  void anAddressElsewhereIsNot(String address) {
    assertThat(GitRemote.isSame(address, "ssh://paas@example.org:2222/shop.git", "localhost"))
        .isFalse();
  }

  @Test
  void otherAddressesNameNoApp() {
    assertThat(GitRemote.app("https://example.org/team/shop")).isEmpty();
    assertThat(GitRemote.app("/srv/git/shop")).isEmpty();
  }
}
