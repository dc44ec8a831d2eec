package dev.paas.runtime.archive;

import dev.paas.runtime.layer.Layer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An image of an archive, whose parts are checked.
 *
 * @param manifest as the archive has it; nothing when it has none
 * @param layers lowest first, in the store
 * @param names as the archive has them
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never changed
record ArchivedImage(
    Optional<byte[]> manifest, byte[] configuration, List<Layer> layers, Set<String> names) {

  ArchivedImage {
    layers = List.copyOf(layers);
  }

  ArchivedImage withNamesOf(ArchivedImage same) {
    Set<String> all = new LinkedHashSet<>(names);
    all.addAll(same.names);
    return new ArchivedImage(manifest, configuration, layers, all);
  }
}
