package dev.paas.builder.source;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** A tree without some of its paths. */
record FilteredTree(SourceTree whole, String label, Predicate<String> filter)
    implements SourceTree {

  @Override
  public String identity() {
    return whole.identity() + "|" + label;
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    whole.forEach(
        entry -> {
          if (filter.test(entry.path())) {
            visitor.visit(entry);
          }
        });
  }

  @Override
  public Optional<Entry> find(String path) throws IOException {
    return filter.test(path) ? whole.find(path) : Optional.empty();
  }
}
