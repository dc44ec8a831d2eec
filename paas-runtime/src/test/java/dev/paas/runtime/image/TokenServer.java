package dev.paas.runtime.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * A server of tokens as registries send their clients to (distribution: Token Authentication
 * Specification). It signs for one user, {@code user} with the password {@code secret}.
 */
final class TokenServer implements AutoCloseable {

  private static final char[] STORE_PASSWORD = "secret".toCharArray();
  private static final long LIFE_SECONDS = 300;

  private final HttpServer server;
  private final KeyStore keys;
  private final Path certificate;
  final List<String> scopes = Collections.synchronizedList(new ArrayList<>());

  TokenServer(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(STORE_PASSWORD),
                "-alias",
                "it",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=it")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(said);
    }
    keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, STORE_PASSWORD);
    }
    certificate =
        Files.writeString(
            folder.resolve("tokens.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getCertificate("it").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/token", this::answer);
    server.start();
  }

  /** The registry's settings that send clients here. */
  String settings() {
    return "auth:\n  token:\n    realm: http://127.0.0.1:"
        + server.getAddress().getPort()
        + "/token\n    service: it\n    issuer: it\n    rootcertbundle: "
        + certificate
        + "\n";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String basic = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String right = "Basic " + Base64.getEncoder().encodeToString("user:secret".getBytes(UTF_8));
    byte[] body = new byte[0];
    int status = 401;
    if (basic.equals(right)) {
      status = 200;
      body = ("{\"token\":\"" + token(scope(exchange)) + "\"}").getBytes(UTF_8);
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String scope(HttpExchange exchange) {
    for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
      if (pair.startsWith("scope=")) {
        String scope = URLDecoder.decode(pair.substring("scope=".length()), UTF_8);
        scopes.add(scope);
        return scope;
      }
    }
    return "";
  }

  /** A JSON Web Token (RFC 7519) that allows what the scope names. */
  private String token(String scope) {
    try {
      String[] asked = scope.split(":");
      long now = Clock.systemUTC().instant().getEpochSecond();
      String chain = Base64.getEncoder().encodeToString(keys.getCertificate("it").getEncoded());
      String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + chain + "\"]}";
      String claims =
          String.format(
              "{\"iss\":\"it\",\"sub\":\"user\",\"aud\":\"it\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,"
                  + "\"jti\":\"1\",\"access\":[{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}]}",
              now + LIFE_SECONDS,
              now - LIFE_SECONDS,
              now,
              asked[0],
              asked[1],
              asked[2].replace(",", "\",\""));
      String signed = part(header.getBytes(UTF_8)) + "." + part(claims.getBytes(UTF_8));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign((PrivateKey) keys.getKey("it", STORE_PASSWORD));
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + part(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
