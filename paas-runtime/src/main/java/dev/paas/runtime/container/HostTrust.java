package dev.paas.runtime.container;

import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.RootFilesystems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lets a build speak through the network that the host is in: its certificate authorities and
 * its proxies. Mounted and set for the process alone; neither a layer nor a cache key ever sees it.
 * Nothing is mounted over a file of the image: its own bundle is its own, to be made again,
 * replaced and deleted.
 */
public final class HostTrust {

  private static final Logger LOG = LoggerFactory.getLogger(HostTrust.class);

  static final String BUNDLE = RootFilesystems.PLATFORM_FOLDER + "/ca.crt";
  static final String JAVA_STORE = RootFilesystems.PLATFORM_FOLDER + "/ca.jks";
  static final String WGET_SETTINGS = RootFilesystems.PLATFORM_FOLDER + "/wgetrc";
  static final String APT_SETTINGS = RootFilesystems.PLATFORM_FOLDER + "/apt.conf";

  /** Where Debian and its children keep the bundle; then the others. */
  private static final List<String> BUNDLES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem");

  private static final List<String> VARIABLES =
      List.of(
          "SSL_CERT_FILE",
          "NODE_EXTRA_CA_CERTS",
          "PIP_CERT",
          "REQUESTS_CA_BUNDLE",
          "CURL_CA_BUNDLE",
          "GIT_SSL_CAINFO",
          "CARGO_HTTP_CAINFO");

  private static final List<String> PROXIES =
      List.of("http_proxy", "https_proxy", "no_proxy", "all_proxy");

  private final Optional<Path> bundle;
  private final Path javaStore;
  private final Path wgetSettings;
  private final Path aptSettings;

  /**
   * @param run the daemon's folder on tmpfs; a trust store for JVMs is made in it
   */
  public HostTrust(Path run) throws IOException {
    this.bundle = BUNDLES.stream().map(Path::of).filter(Files::isReadable).findFirst();
    this.javaStore = run.resolve("ca.jks");
    List<String> withheld = withheld(System.getenv());
    if (!withheld.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("variables", withheld)
          .log("a proxy's address has a password in it: builds don't get it");
    }
    // They read neither SSL_CERT_FILE nor CURL_CA_BUNDLE.
    this.wgetSettings = text(run.resolve("wgetrc"), "ca_certificate = " + BUNDLE + "\n");
    this.aptSettings =
        text(run.resolve("apt.conf"), "Acquire::https::CaInfo \"" + BUNDLE + "\";\n");
    if (bundle.isPresent() && !Files.exists(javaStore)) {
      write(bundle.get(), javaStore);
    }
  }

  private static Path text(Path file, String content) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(made, content);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
    return Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  public List<Bundle.Bind> binds() {
    if (bundle.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Bundle.Bind(bundle.get(), BUNDLE, false),
        new Bundle.Bind(javaStore, JAVA_STORE, false),
        new Bundle.Bind(wgetSettings, WGET_SETTINGS, false),
        new Bundle.Bind(aptSettings, APT_SETTINGS, false));
  }

  /** Proxies of this host whose address has a password in it: no build ever gets one. */
  public static List<String> withheld(Map<String, String> environment) {
    return names().filter(name -> hasPassword(environment.getOrDefault(name, ""))).toList();
  }

  private static Stream<String> names() {
    return PROXIES.stream().flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)));
  }

  /**
   * Whether an address names who asks, as in {@code http://user:secret@proxy:3128}; also where it
   * has no scheme, or is written so that only some programs understand it.
   */
  private static boolean hasPassword(String proxy) {
    return proxy.contains("@") || proxy.toLowerCase(Locale.ROOT).contains("%40");
  }

  /** Adds what is not set yet. */
  public List<String> complete(List<String> env) {
    return complete(env, System.getenv());
  }

  /**
   * @param environment the daemon's
   */
  List<String> complete(List<String> env, Map<String, String> environment) {
    Map<String, String> all = new LinkedHashMap<>();
    if (bundle.isPresent()) {
      VARIABLES.forEach(name -> all.put(name, BUNDLE));
      all.put("WGETRC", WGET_SETTINGS);
      all.put("APT_CONFIG", APT_SETTINGS);
      all.put("MAVEN_OPTS", "-Djavax.net.ssl.trustStore=" + JAVA_STORE);
      all.put("GRADLE_OPTS", "-Djavax.net.ssl.trustStore=" + JAVA_STORE);
    }
    List<String> withheld = withheld(environment);
    names()
        .filter(name -> environment.containsKey(name) && !withheld.contains(name))
        .forEach(name -> all.put(name, environment.get(name)));
    List<String> complete = new ArrayList<>(env);
    env.forEach(set -> all.remove(set.substring(0, Math.max(0, set.indexOf('=')))));
    all.forEach((name, value) -> complete.add(name + "=" + value));
    return complete;
  }

  private static void write(Path bundle, Path store) throws IOException {
    try (InputStream in = Files.newInputStream(bundle)) {
      KeyStore keys = KeyStore.getInstance("JKS");
      keys.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        keys.setCertificateEntry("ca" + number++, certificate);
      }
      // Public certificates: the format wants a password, readers need none.
      Path made = store.resolveSibling(store.getFileName() + ".new");
      try (OutputStream out = Files.newOutputStream(made)) {
        keys.store(out, "changeit".toCharArray());
      }
      Files.move(made, store, StandardCopyOption.ATOMIC_MOVE);
    } catch (GeneralSecurityException unreadable) {
      throw new IOException("the host's certificates can't be read: " + bundle, unreadable);
    }
  }
}
