package dev.paas.api.certificate;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "certificates")
@IdClass(CertificateRow.Key.class)
class CertificateRow extends PanacheEntityBase {

  @Id public String app;
  @Id public String fingerprint;

  /** In PEM, the leaf first. */
  @Column(nullable = false)
  public String chain;

  /** The key, in PKCS #8. */
  @Column(nullable = false)
  public String sealed;

  /** By an authority, because the platform asked for it. */
  @Column public boolean issued;

  @Column(name = "created_by", nullable = false)
  public String createdBy;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** The primary key. */
  static class Key implements Serializable {
    public String app = "";
    public String fingerprint = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.fingerprint.equals(fingerprint);
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, fingerprint);
    }
  }
}
