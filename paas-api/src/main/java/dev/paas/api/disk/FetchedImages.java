package dev.paas.api.disk;

import dev.paas.api.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * For whose builds base images were fetched. A row is there before the image is: after a crash
 * there may be one without an image, never an image that counts for nobody.
 */
@ApplicationScoped
public class FetchedImages {

  /** Longer names are none. */
  private static final int MAX_NAME = 600;

  private final Store store;

  public FetchedImages(Store store) {
    this.store = store;
  }

  /** An image is about to be fetched for somebody's builds. */
  void add(String owner, String name) {
    if (name.length() > MAX_NAME) {
      return;
    }
    store.write(
        () -> {
          if (FetchedRow.count("owner = ?1 and name = ?2", owner, full(name)) == 0) {
            FetchedRow row = new FetchedRow();
            row.owner = owner;
            row.name = full(name);
            row.persist();
          }
        });
  }

  /** It could not be fetched, or its name was taken away. */
  void remove(String owner, List<String> names) {
    store.write(
        () ->
            names.forEach(
                name -> FetchedRow.delete("owner = ?1 and name = ?2", owner, full(name))));
  }

  /** An admin wants the image, whoever else does: it stays. */
  public void keep(String name) {
    store.write(() -> FetchedRow.delete("name", full(name)));
  }

  List<String> of(String owner) {
    return store.read(
        () ->
            FetchedRow.<FetchedRow>list("owner = ?1 order by name", owner).stream()
                .map(row -> row.name)
                .toList());
  }

  /** The same name for the ways in which it can be written. */
  public static String full(String ref) {
    String name = without(without(without(ref, "index."), "docker.io/"), "library/");
    boolean tagged = name.indexOf('@') >= 0 || name.lastIndexOf(':') > name.lastIndexOf('/');
    return tagged ? name : name + ":latest";
  }

  private static String without(String name, String prefix) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
