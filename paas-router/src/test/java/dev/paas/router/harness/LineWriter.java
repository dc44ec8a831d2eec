package dev.paas.router.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paas.router.log.RotatingFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;

/** A process that writes numbered lines of random sizes until it is killed. */
public final class LineWriter {

  /** A whole line: who wrote it, and its number. */
  public static final Pattern LINE = Pattern.compile("([a-z]) (\\d+) x*\\.");

  /** Bytes of the largest batch. */
  public static final int LARGEST = 200 * 220;

  private LineWriter() {}

  /**
   * @param arguments file, bytes of all files, the writer's letter, the first number
   */
  public static void main(String[] arguments) throws IOException {
    RotatingFile file =
        new RotatingFile(Path.of(arguments[0]), Long.parseLong(arguments[1])); // never closed
    long number = Long.parseLong(arguments[3]);
    Random random = new Random(number);
    while (true) {
      StringBuilder batch = new StringBuilder();
      int lines = 1 + random.nextInt(200);
      for (int i = 0; i < lines; i++) {
        String filling = "x".repeat(random.nextInt(200));
        batch.append(arguments[2]).append(' ').append(number++).append(' ').append(filling);
        batch.append(".\n");
      }
      byte[] bytes = batch.toString().getBytes(US_ASCII);
      file.write(bytes, 0, bytes.length);
    }
  }
}
