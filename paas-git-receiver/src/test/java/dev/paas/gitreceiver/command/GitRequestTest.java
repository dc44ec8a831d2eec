package dev.paas.gitreceiver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.gitreceiver.Access;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitRequestTest {

  @ParameterizedTest
  @ValueSource(strings = {"shop", "/shop", "shop.git", "/shop.git", "/shop.git/"})
  void everyFormOfTheAddressNamesTheApp(String path) {
    assertThat(GitRequest.of(List.of("git-receive-pack", path)))
        .hasValue(new GitRequest(Access.WRITE, new AppName("shop")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../shop", "/../../etc", "a/b", "//shop", ".git", "", "shop;id", "~/shop"})
  void pathsThatAreNotNamesAreRefused(String path) {
    PaasException refused =
        catchThrowableOfType(
            PaasException.class, () -> GitRequest.of(List.of("git-upload-pack", path)));
    assertThat(refused.problem().code()).isEqualTo("app.bad-name");
  }

  @Test
  void moreWordsAreRefused() {
    PaasException refused =
        catchThrowableOfType(
            PaasException.class,
            () -> GitRequest.of(List.of("git-receive-pack", "--advertise-refs", "shop")));
    assertThat(refused.problem().code()).isEqualTo("ssh.git-usage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"git-lfs-authenticate", "git-lfs-transfer"})
  void largeFilesElsewhereHaveAWayOut(String command) {
    PaasException refused =
        catchThrowableOfType(
            PaasException.class, () -> GitRequest.of(List.of(command, "shop.git", "upload")));
    assertThat(refused.problem().code()).isEqualTo("ssh.no-lfs");
    assertThat(refused.problem().fix()).contains("git lfs migrate export", "paas deploy");
  }

  @Test
  void otherCommandsAreNotGit() {
    assertThat(GitRequest.of(List.of("apps"))).isEmpty();
    assertThat(GitRequest.of(List.of())).isEmpty();
  }
}
