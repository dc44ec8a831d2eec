package dev.paas.api.audit;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "audit")
class AuditRow extends PanacheEntityBase {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  /** {@code at} is a word of some dialects. */
  @Column(name = "happened_at")
  public Instant at;

  @Column(name = "user_name")
  public String user;

  @Column public String credential;
  @Column public String address;
  @Column public String kind;
  @Column public String app;
  @Column public String subject;
  @Column public String outcome;
  @Column public String code;
  @Column public long times;

  Entry entry() {
    return new Entry(id, at, user, credential, address, kind, app, subject, outcome, code, times);
  }
}
