package dev.paas.runtime.instance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

/**
 * What lets a build speak through the network that the host is in: its certificate authorities and
 * its proxies. Mounted and set for the process alone; neither a layer nor a cache key ever sees it.
 */
final class HostTrust {

  static final String BUNDLE = RootFilesystems.PLATFORM_FOLDER + "/ca.crt";
  static final String JAVA_STORE = RootFilesystems.PLATFORM_FOLDER + "/ca.jks";

  /** Where Debian and its children keep the bundle, in images too; then the others. */
  static final String DEBIAN_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

  private static final List<String> BUNDLES =
      List.of(DEBIAN_BUNDLE, "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem");

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

  /**
   * @param run the daemon's folder on tmpfs; a trust store for JVMs is made in it
   */
  HostTrust(Path run) throws IOException {
    this.bundle = BUNDLES.stream().map(Path::of).filter(Files::isReadable).findFirst();
    this.javaStore = run.resolve("ca.jks");
    if (bundle.isPresent() && !Files.exists(javaStore)) {
      write(bundle.get(), javaStore);
    }
  }

  List<Bundle.Bind> binds(Path root) throws IOException {
    if (bundle.isEmpty()) {
      return List.of();
    }
    List<Bundle.Bind> binds = new ArrayList<>();
    binds.add(new Bundle.Bind(bundle.get(), BUNDLE, false));
    binds.add(new Bundle.Bind(javaStore, JAVA_STORE, false));
    if (dev.paas.runtime.linux.RootedFile.exists(root, DEBIAN_BUNDLE)) {
      binds.add(new Bundle.Bind(bundle.get(), DEBIAN_BUNDLE, false));
    }
    return binds;
  }

  /** Adds what is not set yet. */
  List<String> complete(List<String> env) {
    Map<String, String> all = new LinkedHashMap<>();
    if (bundle.isPresent()) {
      VARIABLES.forEach(name -> all.put(name, BUNDLE));
      all.put("MAVEN_OPTS", "-Djavax.net.ssl.trustStore=" + JAVA_STORE);
      all.put("GRADLE_OPTS", "-Djavax.net.ssl.trustStore=" + JAVA_STORE);
    }
    for (String proxy : PROXIES) {
      for (String name : List.of(proxy, proxy.toUpperCase(Locale.ROOT))) {
        Optional.ofNullable(System.getenv(name)).ifPresent(value -> all.put(name, value));
      }
    }
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
