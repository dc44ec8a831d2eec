package dev.paas.base.settings;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where one service listens, as settings write it: an address, or a list of them.
 *
 * @param all one or more, in the order of the settings
 */
public record ListenAddresses(List<ListenAddress> all) {

  public ListenAddresses {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a service listens somewhere");
    }
  }

  /** The one that people are told of. */
  public ListenAddress first() {
    return all.get(0);
  }

  /** Two of them that can't both be bound. */
  Optional<String> clash() {
    for (int i = 0; i < all.size(); i++) {
      for (ListenAddress later : all.subList(i + 1, all.size())) {
        if (all.get(i).clashesWith(later)) {
          return Optional.of(all.get(i) + " and " + later);
        }
      }
    }
    return Optional.empty();
  }

  /** As a settings file has it: one address alone, several as a list. */
  @Override
  public String toString() {
    return all.size() == 1
        ? first().toString()
        : all.stream()
            .map(address -> '"' + address.toString() + '"')
            .collect(Collectors.joining(", ", "[", "]"));
  }
}
