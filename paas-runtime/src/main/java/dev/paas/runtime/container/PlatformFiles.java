package dev.paas.runtime.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.network.AddressRange;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the platform puts into every container, whatever its image: the init program, and the
 * generated files of {@code /etc}.
 */
public final class PlatformFiles {

  private static final String INIT = RootFilesystems.PLATFORM_FOLDER + "/init";

  private final Path etc;
  private final Path init;
  private final AddressRange range;
  private final Duration stopGrace;

  /**
   * @param etc where the generated files lie, a folder for each container
   * @param init the init program
   * @param range of the containers' addresses; its gateway answers their DNS
   * @param stopGrace from a stop signal until init ends
   */
  PlatformFiles(Path etc, Path init, AddressRange range, Duration stopGrace) {
    this.etc = etc;
    this.init = init;
    this.range = range;
    this.stopGrace = stopGrace;
  }

  /**
   * The init program before a program's own argv.
   *
   * @param stopSignal what it takes for a stop, and sends to everything inside
   */
  public List<String> underInit(int stopSignal, List<String> argv) {
    List<String> all = new ArrayList<>();
    all.add(INIT);
    all.add(Integer.toString(stopSignal));
    all.add(Long.toString(stopGrace.toSeconds()));
    all.addAll(argv);
    return all;
  }

  /** Both, as mounts. */
  public List<Bundle.Bind> binds(String name, String hostname, String address) throws IOException {
    List<Bundle.Bind> binds = new ArrayList<>(List.of(initBind()));
    for (Map.Entry<String, Path> file : generate(name, hostname, address).entrySet()) {
      binds.add(new Bundle.Bind(file.getValue(), "/etc/" + file.getKey(), false));
    }
    return binds;
  }

  /**
   * The same for a step of a build, whose {@code /etc} has the files instead of mounts: package
   * managers write such files, rename others over them and delete them, which no mount lets them.
   * {@link RootFilesystems#GENERATED} names what is not the layer's.
   */
  public List<Bundle.Bind> write(RootFilesystem root, String name, String hostname, String address)
      throws IOException {
    for (Map.Entry<String, Path> file : generate(name, hostname, address).entrySet()) {
      // The init layer has a folder and regular files there: no link of the image leads elsewhere.
      Files.write(
          root.path().resolve("etc").resolve(file.getKey()), Files.readAllBytes(file.getValue()));
    }
    return List.of(initBind());
  }

  private Bundle.Bind initBind() {
    return new Bundle.Bind(init, INIT, false);
  }

  /** The files of {@code /etc} that a container gets, by name. */
  private Map<String, Path> generate(String name, String hostname, String address)
      throws IOException {
    Path folder = Folders.create(etc.resolve(name), "rwxr-xr-x");
    String dns = address.isEmpty() ? "" : "nameserver " + range.gateway().getHostAddress() + "\n";
    String self = address.isEmpty() ? "" : address + " " + hostname + "\n";
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("resolv.conf", readable(folder.resolve("resolv.conf"), dns));
    files.put(
        "hosts",
        readable(
            folder.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost ip6-localhost\n" + self));
    files.put("hostname", readable(folder.resolve("hostname"), hostname + "\n"));
    return files;
  }

  /**
   * Where secrets of a container lie: in memory, until it is removed. The OCI runtime comes to them
   * as the container's root, and but for the host's nobody else does.
   */
  public Path secrets(String name, UidRange ids) throws IOException {
    Path folder = Folders.create(etc.resolve(name).resolve("secrets"), "rwx------");
    try (Directory parent = Directory.open(etc.resolve(name))) {
      parent.setOwner("secrets", (int) ids.outside(0), (int) ids.outside(0));
    }
    return folder;
  }

  private static Path readable(Path file, String content) throws IOException {
    Files.write(file, content.getBytes(UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /** The place that a container was given, told by the name it has for itself. */
  public OptionalInt placeOf(String name) throws IOException {
    Path hosts = etc.resolve(name).resolve("hosts");
    if (!Files.exists(hosts)) {
      return OptionalInt.empty();
    }
    for (String line : Files.readAllLines(hosts)) {
      OptionalInt place = range.placeOf(line.split(" ", 2)[0]);
      if (place.isPresent()) {
        return place;
      }
    }
    return OptionalInt.empty();
  }
}
