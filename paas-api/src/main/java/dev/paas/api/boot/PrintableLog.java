package dev.paas.api.boot;

import dev.paas.base.text.Unseen;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;

/**
 * Keeps characters that others wrote from acting in the log, wherever they come from (a file's name
 * in an exception of JGit, the greeting of an ssh client): control characters and those that can't
 * be seen are escaped, and a record of several lines is told from several records by its
 * indentation.
 */
@Singleton
final class PrintableLog {

  void onStart(@Observes @Priority(1) StartupEvent started) {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      makePrintable(handler);
    }
  }

  private static void makePrintable(Handler handler) {
    if (handler instanceof ExtHandler outer) {
      for (Handler inner : outer.getHandlers()) {
        makePrintable(inner);
      }
    }
    Formatter usual = handler.getFormatter();
    if (usual != null) {
      handler.setFormatter(new Printable(usual));
    }
  }

  static String printable(String record) {
    String lines = record.stripTrailing();
    StringBuilder out = new StringBuilder(lines.length() + 1);
    for (int i = 0; i < lines.length(); i++) {
      int c = lines.codePointAt(i);
      if (c == '\n') {
        out.append("\n\t");
      } else if (c != '\t' && Unseen.is(c)) {
        Unseen.escape(out, c);
      } else {
        out.appendCodePoint(c);
      }
      i += Character.charCount(c) - 1;
    }
    return out.append('\n').toString();
  }

  private static final class Printable extends Formatter {

    private final Formatter usual;

    private Printable(Formatter usual) {
      this.usual = usual;
    }

    @Override
    public String format(LogRecord record) {
      return printable(usual.format(record));
    }
  }
}
