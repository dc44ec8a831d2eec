package dev.paas.api.buildsettings;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "build_settings")
class BuildSettingsRow extends PanacheEntityBase {

  @Id public String app;
  @Column public String settings;
}
