package dev.paas.api.logs;

import dev.paas.api.scheduler.LogQuery;
import dev.paas.base.name.AppName;

/**
 * The lines beside an app's own that somebody wants, by the same query.
 *
 * @param query what is asked of the app's log
 */
record Which(LogQuery query) {

  AppName app() {
    return query.app();
  }

  int tail() {
    return query.tail();
  }

  /** Whether a line is wanted; it is about the instance of its label, or about the whole app. */
  boolean takes(LogResource.Line line, String label) {
    return concerns(label) && query.takes(line.at(), line.text());
  }

  private boolean concerns(String label) {
    String process = query.process();
    return process.isEmpty()
        || label.equals(process + "." + query.slot())
        || (query.slot() == 0 && label.startsWith(process + "."));
  }
}
