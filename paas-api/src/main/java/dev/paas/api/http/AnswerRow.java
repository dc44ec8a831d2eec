package dev.paas.api.http;

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
@Table(name = "answers")
@IdClass(AnswerRow.Key.class)
class AnswerRow extends PanacheEntityBase {

  @Id
  @Column(name = "user_name")
  public String userName;

  @Id
  @Column(name = "idempotency_key")
  public String idempotencyKey;

  @Column(name = "request_hash", nullable = false)
  public String requestHash;

  @Column(nullable = false)
  public int status;

  @Column(name = "media_type", nullable = false)
  public String mediaType;

  /** Sealed. */
  @Column(nullable = false)
  public byte[] body;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** The primary key. */
  static class Key implements Serializable {
    public String userName = "";
    public String idempotencyKey = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key id
          && id.userName.equals(userName)
          && id.idempotencyKey.equals(idempotencyKey);
    }

    @Override
    public int hashCode() {
      return Objects.hash(userName, idempotencyKey);
    }
  }
}
