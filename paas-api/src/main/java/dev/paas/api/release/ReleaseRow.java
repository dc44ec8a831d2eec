package dev.paas.api.release;

import dev.paas.api.build.ProcessTableText;
import dev.paas.base.name.AppName;
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
@Table(name = "releases")
@IdClass(ReleaseRow.Key.class)
class ReleaseRow extends PanacheEntityBase {

  @Id public String app;
  @Id public long version;
  @Column public String image;

  @Column(name = "config_version")
  public int configVersion;

  @Column public String processes;
  @Column public int port;

  @Column(name = "commit_id")
  public String commit;

  @Column(name = "user_name")
  public String user;

  @Column public String description;

  @Column(name = "created_at")
  public Instant createdAt;

  static ReleaseRow of(Release release) {
    ReleaseRow row = new ReleaseRow();
    row.app = release.app().value();
    row.version = release.version().number();
    row.image = release.image();
    row.configVersion = release.configVersion();
    row.processes = ProcessTableText.write(release.commands());
    row.port = release.port();
    row.commit = release.commit();
    row.user = release.user();
    row.description = release.description();
    row.createdAt = release.createdAt();
    return row;
  }

  Release release() {
    return new Release(
        new AppName(app),
        new ReleaseVersion(version),
        image,
        configVersion,
        ProcessSpec.table(ProcessTableText.read(processes)),
        port,
        commit,
        user,
        description,
        createdAt);
  }

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String app = "";
    @Id public long version;

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.version == version;
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, version);
    }
  }
}
