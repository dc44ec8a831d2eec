package dev.paas.builder.source;

import java.io.IOException;
import java.util.Optional;

/** A tree whose files get times by another rule than the usual one. */
public record StampedTree(SourceTree tree, Stamps stamps) implements SourceTree {

  @Override
  public String identity() {
    return tree.identity() + "|" + stamps;
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    tree.forEach(visitor);
  }

  @Override
  public Optional<Entry> find(String path) throws IOException {
    return tree.find(path);
  }
}
