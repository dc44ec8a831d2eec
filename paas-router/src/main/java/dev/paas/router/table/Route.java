package dev.paas.router.table;

import dev.paas.router.balance.Instance;
import java.util.List;

/**
 * An app and the instances that answer for it.
 *
 * @param instances empty: the app exists and nothing of it runs
 */
public record Route(String app, List<Instance> instances) {
  public Route {
    instances = List.copyOf(instances);
  }
}
