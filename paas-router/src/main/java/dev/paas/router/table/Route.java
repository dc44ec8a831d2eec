package dev.paas.router.table;

import dev.paas.router.balance.Upstream;
import java.util.List;

/**
 * An app and the instances that answer for it.
 *
 * @param upstreams its instances; empty: the app exists and nothing of it runs
 */
public record Route(String app, List<Upstream> upstreams) {
  public Route {
    upstreams = List.copyOf(upstreams);
  }
}
