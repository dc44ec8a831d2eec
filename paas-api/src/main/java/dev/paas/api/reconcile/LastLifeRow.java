package dev.paas.api.reconcile;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * The process that had the database last: in which boot of the host, and whether it was stopped.
 */
@Entity
@Table(name = "last_life")
class LastLifeRow extends PanacheEntityBase {

  /** There is one row. */
  static final int ONLY = 1;

  @Id public int id;
  @Column public String boot;
  @Column public boolean orderly;
}
