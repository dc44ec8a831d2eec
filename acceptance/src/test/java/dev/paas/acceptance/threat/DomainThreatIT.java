package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Line;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whose requests a host's are. T14 in docs/reliability.md. */
@ExtendWith(SharedPlatform.class)
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class DomainThreatIT {
  private static final String HOST = "www.row14.example.org";

  private final Platform platform;

  DomainThreatIT(Platform platform) {
    this.platform = platform;
  }

  private GitApp site(String text) {
    return GitApp.of(platform, "row14", Map.of("index.html", text + "\n"));
  }

  private String answer(String host) {
    try (Line line = new Line(platform)) {
      return line.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").rest();
    } catch (IOException e) {
      throw new AssertionError(host, e);
    }
  }

  private void awaitAnswer(String host, String text) {
    Awaitility.await(host + " answers " + text)
        .atMost(Duration.ofSeconds(20))
        .until(() -> answer(host).contains(text));
  }

  @Test
  void aHostThatSomebodyHasIsNobodyElsesInNoSpellingAndByNoWildcard() {
    try (GitApp owner = site("the owner's");
        GitApp foreign = site("the attacker's");
        OtherUser mallory = new OtherUser(platform, "mallory")) {
      owner.push().succeed();
      owner.paas("domains:add", HOST).succeed();
      awaitAnswer(HOST, "the owner's");
      foreign.push().with(mallory.environment()).succeed();
      assertThat(mallory.paas("apps").succeed().out()).contains(foreign.name());
      for (String claimed : List.of(HOST, "WWW.Row14.Example.ORG", HOST + ".", " " + HOST)) {
        assertNotGiven(mallory, foreign, claimed, "domain.taken");
      }
      for (String wide : List.of("*", "*.row14.example.org", "www.*.example.org", "*." + HOST)) {
        assertNotGiven(mallory, foreign, wide, "domain.bad-name");
      }
      String domain = platform.variable("PAAS_DOMAIN");
      String builtIn = owner.name() + "." + domain;
      for (String given : List.of(builtIn, builtIn.toUpperCase(java.util.Locale.ROOT) + ".")) {
        assertNotGiven(mallory, foreign, given, "domain.reserved");
      }
      assertNotGiven(mallory, foreign, "not-there-yet." + domain, "domain.reserved");
      assertNotGiven(mallory, foreign, "a." + builtIn, "domain.reserved");
      // Names around it may be anybody's; they say nothing about this one.
      for (String near : List.of("row14.example.org", "a." + HOST)) {
        var unused = mallory.paas("domains:add", near, "-a", foreign.name()).run();
      }
      assertThat(answer(HOST)).contains("the owner's");
      assertThat(answer(builtIn)).contains("the owner's");
      assertThat(owner.paas("domains").succeed().out()).contains(HOST);
    }
    Aftermath.isClean(platform);
  }

  /** Refused with a code or not, it must not be theirs. */
  private void assertNotGiven(OtherUser who, GitApp theirs, String host, String code) {
    Command.Outcome claim = who.paas("domains:add", host, "-a", theirs.name(), "--json").fail();
    assertThat(claim.exit()).as("%s: %s", host, claim).isEqualTo(1);
    assertThat(
            platform
                .paas("domains", "-a", theirs.name(), "--json")
                .with(who.environment())
                .run()
                .out())
        .as("%s is refused as %s", host, code)
        .doesNotContainIgnoringCase("\"" + host.strip() + "\"");
  }

  @Test
  void theExactHostWinsOverItsParentAndItsChild() {
    try (GitApp parent = site("the parent's");
        GitApp child = site("the child's");
        GitApp exact = site("the exact one's")) {
      for (GitApp app : List.of(parent, child, exact)) {
        app.push().succeed();
      }
      // The one between them comes last.
      parent.paas("domains:add", "exact14.example.org").succeed();
      child.paas("domains:add", "a.www.exact14.example.org").succeed();
      exact.paas("domains:add", "www.exact14.example.org").succeed();
      awaitAnswer("exact14.example.org", "the parent's");
      awaitAnswer("a.www.exact14.example.org", "the child's");
      awaitAnswer("www.exact14.example.org", "the exact one's");
      assertThat(answer("WWW.EXACT14.example.org:80")).contains("the exact one's");
      assertThat(answer("b.www.exact14.example.org")).contains("router.unknown-host");
    }
    Aftermath.isClean(platform);
  }
}
