package dev.paas.api.certificate;

import dev.paas.base.name.AppName;
import java.time.Instant;

/**
 * A certificate of an app.
 *
 * @param issued by an authority, because the platform asked for it
 */
public record AppCertificate(AppName app, KeyedChain content, boolean issued, Instant since) {

  public String fingerprint() {
    return content.fingerprint();
  }
}
