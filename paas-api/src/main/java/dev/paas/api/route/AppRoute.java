package dev.paas.api.route;

import dev.paas.base.name.AppName;
import java.util.List;

/**
 * One app's part of the table.
 *
 * @param hosts lower case, without port
 * @param backends empty: the router answers that nothing runs
 */
record AppRoute(AppName app, List<String> hosts, List<Backend> backends) {

  AppRoute {
    hosts = hosts.stream().sorted().distinct().toList();
    backends = backends.stream().sorted().toList();
  }
}
