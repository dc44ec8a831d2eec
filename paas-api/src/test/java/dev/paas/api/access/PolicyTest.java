package dev.paas.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.identity.Scope;
import dev.paas.api.identity.User;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole table of who may do what. */
final class PolicyTest {

  private static final Subject ANN = Subject.unlimited(new User("ann", false));
  private static final Subject ANN_READING = new Subject(ANN.user(), Scope.READ);
  private static final Subject ADMIN = Subject.unlimited(new User("root", true));
  private static final Subject ADMIN_READING = new Subject(ADMIN.user(), Scope.READ);

  /**
   * In each cell: {@code +} allowed, {@code r} not with this token, {@code a} only for admins,
   * {@code h} hidden.
   */
  private static final String OF_THE_PLATFORM =
      """
      permission        user  user, read token  admin  admin, read token
      SEE_VERSION       +     +                 +      +
      LIST_APPS         +     +                 +      +
      CREATE_APP        +     r                 +      r
      SEE_KEYS          +     +                 +      +
      CHANGE_KEYS       +     r                 +      r
      SEE_TOKENS        +     +                 +      +
      CHANGE_TOKENS     +     r                 +      r
      ACT_FOR_OTHERS    a     a                 +      +
      SEE_QUOTAS        +     +                 +      +
      SET_QUOTAS        a     r                 +      r
      SEE_AUDIT         +     +                 +      +
      SEE_WHOLE_AUDIT   a     a                 +      +
      SEE_IMAGES        +     +                 +      +
      SEE_ALL_IMAGES    a     a                 +      +
      CHANGE_IMAGES     a     r                 +      r
      CHANGE_OWN_IMAGES +     r                 +      r
      RUN_IMAGE         +     r                 +      r
      SEE_REGISTRIES    +     +                 +      +
      CHANGE_REGISTRIES +     r                 +      r
      EXAMINE_PLATFORM  a     a                 +      +
      """;

  /** The app is ann's or bob's. */
  private static final String OF_AN_APP =
      """
                        ann             ann, read token  admin           admin, read token
      permission        ann's   bob's   ann's   bob's    ann's   bob's   ann's   bob's
      SEE_APP           +       h       +       h        +       +       +       +
      DESTROY_APP       +       h       r       r        +       +       r       r
      SEE_CONFIG        +       h       r       r        +       +       r       r
      CHANGE_CONFIG     +       h       r       r        +       +       r       r
      SEE_DOMAINS       +       h       +       h        +       +       +       +
      CHANGE_DOMAINS    +       h       r       r        +       +       r       r
      APPROVE_DOMAIN    a       h       r       r        +       +       r       r
      SEE_RELEASES      +       h       +       h        +       +       +       +
      ROLL_BACK         +       h       r       r        +       +       r       r
      SEE_DEPLOYMENTS   +       h       +       h        +       +       +       +
      SEE_INSTANCES     +       h       +       h        +       +       +       +
      SCALE             +       h       r       r        +       +       r       r
      RESTART           +       h       r       r        +       +       r       r
      SEE_LOGS          +       h       +       h        +       +       +       +
      SEE_BUILDS        +       h       +       h        +       +       +       +
      CANCEL_BUILD      +       h       r       r        +       +       r       r
      RUN_COMMAND       +       h       r       r        +       +       r       r
      FETCH             +       h       +       h        +       +       +       +
      PUSH              +       h       r       r        +       +       r       r
      """;

  private final Policy policy = new Policy();

  @ParameterizedTest
  @MethodSource("ofThePlatform")
  void decidesWhatConcernsThePlatform(Permission permission, List<Decision> expected) {
    assertThat(
            Stream.of(ANN, ANN_READING, ADMIN, ADMIN_READING)
                .map(subject -> policy.decide(subject, permission)))
        .containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("ofAnApp")
  void decidesWhatConcernsAnApp(Permission permission, List<Decision> expected) {
    assertThat(
            Stream.of(ANN, ANN_READING, ADMIN, ADMIN_READING)
                .flatMap(
                    subject ->
                        Stream.of("ann", "bob")
                            .map(owner -> policy.decide(subject, permission, owner))))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void everyPermissionIsInTheTable() {
    assertThat(Stream.concat(ofThePlatform(), ofAnApp()).map(row -> row.get()[0]))
        .containsExactlyInAnyOrderElementsOf(List.of(Permission.values()));
    assertThat(ofAnApp().map(row -> row.get()[0]))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Permission.values()).filter(Permission::concernsApp).toList());
  }

  @Test
  void onlyTheVersionIsOpenToAll() {
    assertThat(Arrays.stream(Permission.values()).filter(Permission::isOpenToAll))
        .containsExactly(Permission.SEE_VERSION);
  }

  @Test
  void aPermissionOnAnAppIsNotDecidedWithoutTheApp() {
    assertThatThrownBy(() -> policy.decide(ADMIN, Permission.SCALE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> policy.decide(ADMIN, Permission.EXAMINE_PLATFORM, "ann"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRefusalSaysWhatOnlyAnAdminMay() {
    assertThatThrownBy(() -> policy.require(ANN, Permission.ACT_FOR_OTHERS, "bob"))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo("access.forbidden");
              assertThat(refused.problem().what())
                  .isEqualTo("Only an admin may do this for another user");
              assertThat(refused.problem().value()).isEqualTo("bob");
            });
  }

  @Test
  void aTokenThatMayOnlyReadIsToldToBeTheReason() {
    assertThat(Policy.refusal(Decision.READ_ONLY, Permission.SCALE, "shop"))
        .isEqualTo(
            Problem.of(
                Problem.Kind.FORBIDDEN,
                "access.read-only",
                "This token may only read, and no config vars",
                "shop",
                "Use a token of scope write: paas tokens:create NAME."));
  }

  @Test
  void aRefusalSaysWhatHelps() {
    assertThat(Policy.refusal(Decision.FORBIDDEN, Permission.APPROVE_DOMAIN, "").fix())
        .startsWith("Point its DNS here");
    Problem plain = Policy.refusal(Decision.FORBIDDEN, Permission.SCALE, "");
    assertThat(plain.what()).isEqualTo("You may not do this");
    assertThat(plain.fix()).isEqualTo("Ask an admin.");
  }

  @Test
  void whatIsAllowedOrHiddenIsNoRefusal() {
    for (Decision decision : List.of(Decision.ALLOWED, Decision.HIDDEN)) {
      assertThatThrownBy(() -> Policy.refusal(decision, Permission.SCALE, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(decision.name());
    }
  }

  @Test
  void whoMayIsNotRefused() {
    assertThatCode(() -> policy.require(ADMIN, Permission.ACT_FOR_OTHERS, "bob"))
        .doesNotThrowAnyException();
  }

  static Stream<Arguments> ofThePlatform() {
    return rows(OF_THE_PLATFORM, 1);
  }

  static Stream<Arguments> ofAnApp() {
    return rows(OF_AN_APP, 2);
  }

  private static Stream<Arguments> rows(String table, int headings) {
    return table
        .lines()
        .skip(headings)
        .map(row -> row.strip().split(" +"))
        .map(
            cells ->
                Arguments.of(
                    Permission.valueOf(cells[0]),
                    Arrays.stream(cells).skip(1).map(PolicyTest::decision).toList()));
  }

  private static Decision decision(String cell) {
    return switch (cell) {
      case "+" -> Decision.ALLOWED;
      case "r" -> Decision.READ_ONLY;
      case "a" -> Decision.FORBIDDEN;
      case "h" -> Decision.HIDDEN;
      default -> throw new IllegalArgumentException(cell);
    };
  }
}
