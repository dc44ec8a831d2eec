package dev.paas.api.route;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "route_tables")
class RouteTableRow extends PanacheEntityBase {

  /** There is one row. */
  static final int ONLY = 1;

  @Id public int id;
  @Column public long generation;

  /** The version of the certificates. */
  @Column public long certificates;
}
