package dev.paas.acceptance.platform;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands out the one platform of a JVM of tests: the first test that asks starts it, the end stops
 * it. Failsafe hands a JVM its classes one by one, each as a run of its own; what outlives a class
 * is the session.
 */
public class SharedPlatform implements ParameterResolver {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(SharedPlatform.class);

  private final String name;
  private final Supplier<Platform> up;

  public SharedPlatform() {
    this("platform", Platform::up);
  }

  /** Another one of the same kind: all tests that say {@code name} share it. */
  SharedPlatform(String name, Supplier<Platform> up) {
    this.name = name;
    this.up = up;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Platform.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, OURS)
        .computeIfAbsent(name, key -> new Start(up), Start.class)
        .platform();
  }

  /** One try, whose failure is the answer to everybody: a second one would take as long. */
  private static final class Start implements AutoCloseable {
    private final Supplier<Platform> up;
    private @Nullable Platform platform;
    private @Nullable Throwable failure;

    private Start(Supplier<Platform> up) {
      this.up = up;
    }

    synchronized Platform platform() {
      if (failure != null) {
        throw new AssertionError("The platform did not start", failure);
      }
      if (platform == null) {
        try {
          platform = up.get();
        } catch (RuntimeException | AssertionError e) {
          failure = e;
          throw e;
        }
      }
      return platform;
    }

    @Override
    public void close() {
      if (platform != null) {
        platform.close();
      }
    }
  }
}
