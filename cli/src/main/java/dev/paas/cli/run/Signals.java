package dev.paas.cli.run;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/** The signals that this process gets from a keyboard, or from whoever wants it to end. */
final class Signals {

  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private Signals() {}

  /**
   * Has them taken from now on, each on a thread of its own. The JDK has no other way than its
   * module jdk.unsupported, against which the compiler warns; where that is not, they end this
   * process as usual.
   */
  static void handle(IntConsumer taker) {
    NUMBERS.forEach((name, number) -> take(name, () -> taker.accept(number)));
  }

  /** Has it done each time that the terminal's size changes, on a thread of its own. */
  static void onResize(Runnable step) {
    take("WINCH", step);
  }

  private static void take(String name, Runnable step) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object taking =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  step.run();
                }
                return null;
              });
      Object named = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, named, taking);
    } catch (ReflectiveOperationException absent) {
      // As documented: the usual end.
    }
  }
}
