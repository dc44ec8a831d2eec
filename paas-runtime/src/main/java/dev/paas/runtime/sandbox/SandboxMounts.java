package dev.paas.runtime.sandbox;

import dev.paas.runtime.oci.Bundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process sees beside its root filesystem.
 *
 * @param shared folders that outlive it
 * @param views of other root filesystems
 * @param memory folders that are gone with it
 * @param secrets files that are in memory only
 */
public record SandboxMounts(
    List<Shared> shared, List<View> views, List<Bundle.Memory> memory, List<Secret> secrets) {

  public static final SandboxMounts NONE = shared(List.of());

  public SandboxMounts {
    shared = List.copyOf(shared);
    views = List.copyOf(views);
    memory = List.copyOf(memory);
    secrets = List.copyOf(secrets);
  }

  /** Nothing but these. */
  public static SandboxMounts shared(List<Shared> folders) {
    return new SandboxMounts(folders, List.of(), List.of(), List.of());
  }

  /**
   * A folder of the host, writable in the sandbox.
   *
   * @param source stored with ids as seen inside, like a layer
   * @param target absolute path inside
   */
  public record Shared(Path source, String target) {}

  /**
   * A file or folder in another root filesystem, which is mounted with the process's ids.
   *
   * @param source absolute; no symbolic link is in it
   * @param target absolute path inside
   * @param written where what is written goes, which counts as the process's own; empty: read only
   */
  public record View(String source, String target, Optional<Path> written) {}

  /**
   * A file that is in no file system but one in memory.
   *
   * @param target absolute path inside
   * @param owner {@code user[:group]}, looked up in the root filesystem; empty: the process's user
   * @param mode its permissions
   */
  public record Secret(String target, String content, String owner, int mode) {

    /** Not what is in it. */
    @Override
    public String toString() {
      return "Secret[" + target + "]";
    }
  }
}
