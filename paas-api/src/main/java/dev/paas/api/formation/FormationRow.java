package dev.paas.api.formation;

import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "formations")
class FormationRow extends PanacheEntityBase {

  @Id public String app;
  @Column public @Nullable Long release;
  @Column public String shares;
  @Column public long generation;

  Formation formation() {
    return new Formation(
        new AppName(app),
        Optional.ofNullable(release).map(ReleaseVersion::new),
        ProcessScaleText.read(shares),
        generation);
  }

  void take(Formation formation) {
    release = formation.release().map(ReleaseVersion::number).orElse(null);
    shares = ProcessScaleText.write(formation.scales());
    generation = formation.generation();
  }
}
