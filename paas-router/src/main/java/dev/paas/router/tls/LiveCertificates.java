package dev.paas.router.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that are shown now. A handshake that has begun goes on with those that were
 * shown when its connection came; one writer replaces them.
 */
public final class LiveCertificates implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiveCertificates.class);

  /** Of TLS 1.2, after Mozilla's intermediate profile; those of 1.3 can't be chosen badly. */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Room for what TLS itself says between records of an application; the default is 2 KiB each. */
  private static final int BETWEEN_RECORDS = 64;

  /** How to shake hands, which a router that listens for plain HTTP alone does without. */
  private record Shown(KeyedCertificate byDefault, SslContext context) {}

  private final TicketKeys tickets;
  private final Clock clock;
  private volatile CertificateSet certificates = CertificateSet.NONE;
  private volatile @Nullable Shown shown;

  public LiveCertificates(TicketKeys tickets, Clock clock) {
    this.tickets = tickets;
    this.clock = clock;
  }

  public CertificateSet certificates() {
    return certificates;
  }

  /** Gets ready for {@link #newEnd}. */
  public void prepare() {
    if (!OpenSsl.isAvailable()) {
      log.atWarn()
          .addKeyValue("cause", String.valueOf(OpenSsl.unavailabilityCause()))
          .log("TLS is done by the JDK: slower, and sessions end with the process");
    }
    try {
      show(certificates, SelfSigned.named("no certificate yet", clock.instant()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has P-256", impossible);
    }
  }

  /** Shows {@code after} from now on. Callers serialise their calls. */
  public void replace(CertificateSet after) {
    Shown before = shown;
    certificates = after;
    if (before != null) {
      show(after, before.byDefault());
      ReferenceCountUtil.release(before.context());
    }
  }

  private void show(CertificateSet set, KeyedCertificate byDefault) {
    SslContext context = contextOf(new NameKeyManager(set, byDefault), set.size() + 1);
    useTickets(context);
    shown = new Shown(byDefault, context);
  }

  /** Takes a new key for tickets when it is time; the same caller as that of {@link #replace}. */
  public void rotateTickets() {
    Shown now = shown;
    try {
      if (now != null) {
        useTickets(now.context());
      }
    } catch (RuntimeException failed) {
      log.atError().setCause(failed).log("session tickets keep their key");
    }
  }

  /** The end of TLS of a connection that has come. */
  public TlsEnd newEnd(ByteBufAllocator allocator) {
    while (true) {
      Shown now = shown;
      if (now == null) {
        throw new IllegalStateException("not prepared");
      }
      try {
        return new TlsEnd(now.context().newEngine(allocator));
      } catch (IllegalReferenceCountException replaced) {
        // In this very moment: the next one is there already.
      }
    }
  }

  private static SslContext contextOf(NameKeyManager keys, int size) {
    try {
      SslContext made =
          (OpenSsl.isAvailable()
                  ? SslContextBuilder.forServer(
                          // Keys are handed to the library once, not with each handshake.
                          new OpenSslCachingX509KeyManagerFactory(new OneKeyManager(keys), size))
                      .sslProvider(SslProvider.OPENSSL_REFCNT)
                  : SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK))
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(CIPHERS)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_1_1))
              .build();
      if (made instanceof ReferenceCountedOpenSslContext small) {
        small.setBioNonApplicationBufferSize(BETWEEN_RECORDS);
      }
      return made;
    } catch (SSLException impossible) {
      throw new IllegalStateException("no TLS", impossible);
    }
  }

  private void useTickets(SslContext of) {
    if (of.sessionContext() instanceof OpenSslServerSessionContext sessions) {
      // Sessions are the clients' to keep.
      sessions.setSessionCacheEnabled(false);
      sessions.setTicketKeys(tickets.current().toArray(OpenSslSessionTicketKey[]::new));
    }
  }

  @Override
  public void close() {
    Shown last = shown;
    if (last != null) {
      ReferenceCountUtil.release(last.context());
    }
  }

  /** A factory of one key manager, which is what the builder with a cache takes. */
  private static final class OneKeyManager extends SimpleKeyManagerFactory {

    private final KeyManager keys;

    OneKeyManager(KeyManager keys) {
      this.keys = keys;
    }

    @Override
    protected void engineInit(KeyStore keyStore, char[] password) {
      // The keys are there already.
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
      // The keys are there already.
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {keys};
    }
  }
}
