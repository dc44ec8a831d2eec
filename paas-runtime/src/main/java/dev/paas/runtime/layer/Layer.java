package dev.paas.runtime.layer;

import dev.paas.runtime.content.Sha256;
import java.nio.file.Path;

/**
 * An unpacked layer: files with the ids seen inside, overlay's whiteouts and opaque marks.
 *
 * @param diffId digest of the layer's uncompressed tar
 * @param bytes sum of its regular files
 * @param tarBytes length of the uncompressed tar
 */
public record Layer(Sha256 diffId, Path directory, long bytes, long tarBytes) {}
