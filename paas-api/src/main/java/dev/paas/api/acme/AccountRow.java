package dev.paas.api.acme;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "acme_accounts")
class AccountRow extends PanacheEntityBase {

  @Id public String directory;

  /** Where the authority has the account; empty before it has it. */
  @Column(nullable = false)
  public String location;

  /** The key, in PKCS #8, and the public one. */
  @Column(nullable = false)
  public String sealed;
}
