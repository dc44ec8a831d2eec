package dev.paas.base.settings;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where one service listens, as settings write it: an address, or a list of them.
 *
 * @param all in the order of the settings; none where a service may be off
 */
public record ListenAddresses(List<ListenAddress> all) {

  public ListenAddresses {
    all = List.copyOf(all);
  }

  /** The one that people are told of. */
  public ListenAddress first() {
    return all.get(0);
  }

  /** Two of them that can't both be bound. */
  Optional<String> clash() {
    return IntStream.range(0, all.size())
        .mapToObj(i -> clash(all.subList(i, i + 1), all.subList(i + 1, all.size())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** One of these and one of {@code others} that can't both be bound. */
  Optional<String> clash(ListenAddresses others) {
    return clash(all, others.all);
  }

  private static Optional<String> clash(List<ListenAddress> some, List<ListenAddress> others) {
    for (ListenAddress one : some) {
      for (ListenAddress other : others) {
        if (one.clashesWith(other)) {
          return Optional.of(one + " and " + other);
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
