package dev.paas.api.access;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.paas.api.app.Apps;
import dev.paas.api.app.Destruction;
import dev.paas.api.identity.Scope;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Walks all resource methods: none may forget who may call it. */
final class NeedsTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.paas.api");

  private static final List<JavaMethod> METHODS =
      CLASSES.stream()
          .filter(known -> known.isAnnotatedWith(Path.class))
          .flatMap(resource -> resource.getMethods().stream())
          .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class))
          .toList();

  /** What serves WebSockets; ArchitectureTest says that nothing else does. */
  private static final List<JavaMethod> DOORS =
      CLASSES.get("dev.paas.api.oneoff.TerminalDoor").getMethods().stream()
          .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
          .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
          .toList();

  /** Methods of {@link BearerTokens}. */
  private static final Set<String> ENTRANCES = Set.of("enter", "enterAgain");

  @Test
  void everyResourceMethodDeclaresWhatItsCallersNeed() {
    assertThat(METHODS).hasSizeGreaterThan(30);
    assertThat(METHODS).allMatch(method -> method.isAnnotatedWith(Needs.class));
  }

  @Test
  void aMethodBelowAnAppNeedsAPermissionOnTheApp() {
    assertThat(METHODS)
        .allSatisfy(
            method ->
                assertThat(path(method).contains("{app}"))
                    .as(method.getFullName())
                    .isEqualTo(permission(method).concernsApp()));
  }

  /** By itself or by a method of its own class. */
  @Test
  void aMethodThatNeedsAPermissionOnAnAppRequiresIt() {
    assertThat(METHODS)
        .filteredOn(method -> permission(method).concernsApp())
        .allMatch(method -> requires(method, new HashSet<>()));
  }

  @Test
  void aTerminalNeedsTheSameAsARunAndRequiresTheApp() {
    assertThat(DOORS).hasSizeGreaterThan(1);
    assertThat(DOORS)
        .allSatisfy(
            door -> {
              assertThat(permission(door)).isEqualTo(Permission.RUN_COMMAND);
              assertThat(requires(door, new HashSet<>())).as("requires the app").isTrue();
              assertThat(door.getMethodCallsFromSelf())
                  .as("asks for the token")
                  .anyMatch(NeedsTest::enters);
            });
  }

  /** The ways in: by a token, and again by what let somebody in before. */
  @Test
  void whoeverEntersIsLookedUpBeforeTheyAreTheCurrentUser() {
    List<JavaMethod> entrances =
        CLASSES.get(BearerTokens.class).getMethods().stream()
            .filter(method -> calls(method, CurrentUser.class, "is"))
            .toList();
    assertThat(entrances)
        .extracting(JavaMethod::getName)
        .containsExactlyInAnyOrderElementsOf(ENTRANCES);
    assertThat(entrances)
        .allMatch(
            entrance ->
                calls(entrance, Tokens.class, "authenticate")
                    || calls(entrance, Tokens.class, "standing"))
        .allMatch(entrance -> calls(entrance, Policy.class, "beforeTheApp"));
  }

  private static boolean calls(JavaMethod method, Class<?> owner, String called) {
    return method.getMethodCallsFromSelf().stream().anyMatch(call -> asks(call, owner, called));
  }

  private static boolean enters(JavaMethodCall call) {
    return call.getTargetOwner().isEquivalentTo(BearerTokens.class)
        && ENTRANCES.contains(call.getName());
  }

  @Test
  void aTerminalOfAnImageNeedsTheSameAsItsPullAndAsksForTheToken() {
    List<JavaMethod> doors =
        CLASSES.get("dev.paas.api.oneoff.ImageDoor").getMethods().stream()
            .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
            .toList();
    assertThat(doors).hasSize(3);
    assertThat(doors)
        .allSatisfy(
            door -> {
              assertThat(permission(door)).isEqualTo(Permission.RUN_IMAGE);
              assertThat(door.getMethodCallsFromSelf())
                  .as("asks for the token")
                  .anyMatch(
                      call ->
                          ENTRANCES.stream().anyMatch(way -> asks(call, BearerTokens.class, way)));
            });
  }

  @Test
  void aTokenThatMayOnlyReadChangesNothing() {
    assertThat(METHODS)
        .filteredOn(method -> !method.isAnnotatedWith(GET.class))
        .allMatch(method -> permission(method).scope() == Scope.WRITE);
  }

  /** Config vars; commands that run, and the output of a one-off run, which starts it. */
  @Test
  void whatIsReadWithATokenOfScopeWriteIsListedHere() {
    assertThat(METHODS)
        .filteredOn(method -> method.isAnnotatedWith(GET.class))
        .filteredOn(method -> permission(method).scope() == Scope.WRITE)
        .extracting(NeedsTest::path)
        .containsExactlyInAnyOrder(
            "/v1/apps/{app}/build/vars",
            "/v1/apps/{app}/config",
            "/v1/apps/{app}/runs",
            "/v1/apps/{app}/runs/{id}/output");
  }

  @Test
  void nobodyElseDecidesByWhetherAUserIsAnAdmin() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Policy.class, User.class)
        .should()
        .callMethod(User.class, "admin")
        .check(CLASSES);
  }

  private static Permission permission(JavaMethod method) {
    return method.getAnnotationOfType(Needs.class).value();
  }

  private static String path(JavaMethod method) {
    String own =
        method.tryGetAnnotationOfType(Path.class).map(path -> "/" + path.value()).orElse("");
    return method.getOwner().getAnnotationOfType(Path.class).value() + own;
  }

  private static boolean requires(JavaMethod method, Set<JavaMethod> seen) {
    if (!seen.add(method)) {
      return false;
    }
    JavaClass own = method.getOwner();
    for (JavaMethodCall call : method.getMethodCallsFromSelf()) {
      if (asks(call, Apps.class, "require") || asks(call, Destruction.class, "destroy")) {
        return true;
      }
      if (call.getTargetOwner().equals(own)
          && call.getTarget().resolveMember().map(next -> requires(next, seen)).orElse(false)) {
        return true;
      }
    }
    return false;
  }

  private static boolean asks(JavaMethodCall call, Class<?> owner, String method) {
    return call.getTargetOwner().isEquivalentTo(owner) && call.getName().equals(method);
  }
}
