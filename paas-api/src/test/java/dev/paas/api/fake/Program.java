package dev.paas.api.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.api.scheduler.TerminalSize;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the script {@code program} of the contract's image does, in memory. Its words are carried
 * out one after the other:
 *
 * <ul>
 *   <li>{@code say TEXT}, {@code complain TEXT}: a line on standard output, on standard error
 *   <li>{@code tell NAME}: the value of a variable as a line
 *   <li>{@code cat}: copies its input until that ends
 *   <li>{@code serve}, {@code listen PORT}: listens on the port that it was told, on another one
 *   <li>{@code wait}: until a signal ends it
 *   <li>{@code stay}: the same, but it ignores SIGTERM
 *   <li>{@code size}: rows and columns of its terminal as a line; {@code resized}, after it: the
 *       same once they have changed
 *   <li>{@code flood KIB}: so many kibibytes, a multiple of sixteen, all the same
 *   <li>{@code exit CODE}
 * </ul>
 *
 * Not safe for threads: its owner has one.
 */
final class Program {

  private static final int SIGNAL_BASE = 128;
  private static final int KILL = 9;
  private static final int TERM = 15;

  /** What a program does to the world around it. */
  interface World {
    void prints(byte[] bytes, boolean stderr);

    void listensOn(int port);

    /** The size of its terminal, if it has one. */
    default Optional<TerminalSize> terminal() {
      return Optional.empty();
    }

    /** The last that it does. */
    void ended(int code);
  }

  private final Deque<String> words;
  private final Map<String, String> env;
  private final int port;
  private final World world;
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();
  private boolean inputEnded;
  private boolean copying;
  private boolean deaf;
  private boolean waitsForSize;
  private boolean over;

  /**
   * @param port what {@code serve} listens on, and the variable {@code PORT}; 0 for none
   */
  Program(List<String> words, Map<String, String> env, int port, World world) {
    this.words = new ArrayDeque<>(words);
    this.env = env;
    this.port = port;
    this.world = world;
  }

  /** Goes on until it has to wait for something, or has ended. */
  void goOn() {
    copying = false;
    while (!over && !copying) {
      String word = words.isEmpty() ? "exit" : words.remove();
      switch (word) {
        case "say" -> line(words.remove(), false);
        case "complain" -> line(words.remove(), true);
        case "tell" -> line(variable(words.remove()), false);
        case "cat" -> copy();
        case "size" -> size();
        case "resized" -> {
          waitsForSize = true;
          return;
        }
        case "flood" -> flood(Integer.parseInt(words.remove()));
        case "exit" -> end(words.isEmpty() ? 0 : Integer.parseInt(words.remove()));
        case "serve" -> {
          world.listensOn(port);
          return;
        }
        case "listen" -> {
          world.listensOn(Integer.parseInt(words.remove()));
          return;
        }
        case "wait" -> {
          return;
        }
        case "stay" -> {
          deaf = true;
          return;
        }
        default -> throw new IllegalArgumentException("no such word: " + word);
      }
    }
  }

  private void size() {
    line(world.terminal().map(size -> size.rows() + " " + size.columns()).orElse(""), false);
  }

  private void flood(int kibibytes) {
    byte[] block = new byte[16 << 10];
    Arrays.fill(block, (byte) 'x');
    for (int i = 0; i < kibibytes; i += 16) {
      world.prints(block, false);
    }
  }

  /** Its terminal has another size now. */
  void resized() {
    if (waitsForSize && !over) {
      waitsForSize = false;
      size();
      goOn();
    }
  }

  private String variable(String name) {
    String of = name.equals("PORT") && port != 0 ? Integer.toString(port) : "";
    return env.getOrDefault(name, of);
  }

  private void line(String text, boolean stderr) {
    world.prints((text + "\n").getBytes(UTF_8), stderr);
  }

  private void copy() {
    if (early.size() > 0) {
      world.prints(early.toByteArray(), false);
      early.reset();
    }
    copying = !inputEnded;
  }

  void input(byte[] bytes) {
    early.writeBytes(bytes);
    if (copying) {
      copy();
    }
  }

  void inputEnded() {
    inputEnded = true;
    if (copying) {
      goOn();
    }
  }

  void signal(int number) {
    if (!deaf || number != TERM) {
      end(SIGNAL_BASE + number);
    }
  }

  void kill() {
    end(SIGNAL_BASE + KILL);
  }

  boolean isOver() {
    return over;
  }

  private void end(int code) {
    if (!over) {
      over = true;
      world.ended(code);
    }
  }
}
