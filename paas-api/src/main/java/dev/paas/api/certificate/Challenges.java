package dev.paas.api.certificate;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.HashMap;
import java.util.Map;

/**
 * What authorities are to read at hosts at this moment. Kept in memory: an order that a restart has
 * interrupted is made again, with other ones.
 */
@ApplicationScoped
public class Challenges {

  /** There are others than before. */
  record Changed() {}

  private final Event<Changed> changed;
  private final Map<String, Map<String, String>> byHost = new HashMap<>();

  Challenges(Event<Changed> changed) {
    this.changed = changed;
  }

  /** Has the answer to be read at the host under the token until {@link #withdraw}. */
  public void show(String host, String token, String answer) {
    synchronized (this) {
      byHost.computeIfAbsent(host, none -> new HashMap<>()).put(token, answer);
    }
    changed.fire(new Changed());
  }

  public void withdraw(String host, String token) {
    synchronized (this) {
      Map<String, String> left = byHost.getOrDefault(host, new HashMap<>());
      left.remove(token);
      if (left.isEmpty()) {
        byHost.remove(host);
      }
    }
    changed.fire(new Changed());
  }

  synchronized Map<String, Map<String, String>> now() {
    Map<String, Map<String, String>> copy = new HashMap<>();
    byHost.forEach((host, answers) -> copy.put(host, Map.copyOf(answers)));
    return copy;
  }
}
