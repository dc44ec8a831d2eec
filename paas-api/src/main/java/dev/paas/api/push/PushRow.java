package dev.paas.api.push;

import dev.paas.api.build.BuildId;
import dev.paas.api.build.ProblemText;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "pushes")
@IdClass(PushRow.Key.class)
class PushRow extends PanacheEntityBase {

  @Id public String app;
  @Id public long number;

  @Column(name = "user_name")
  public String user;

  @Column public String branch;

  @Column(name = "old_commit")
  public String oldCommit;

  @Column(name = "commit_id")
  public String commit;

  @Column public String state;
  @Column public @Nullable String problem;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  /** The app while the push is pending, else null: unique, so that an app has at most one. */
  @Column(name = "pending_of")
  public @Nullable String pendingOf;

  /** Its entry in the audit; null for what an older version accepted. */
  @Column(name = "audit_id")
  public @Nullable Long auditId;

  void enter(PushState next) {
    state = next.stored();
    pendingOf = next instanceof PushState.Pending ? app : null;
    next.why().ifPresent(why -> problem = ProblemText.write(why));
  }

  /** The number after the app's last; part of a commit or a read. */
  static long nextNumber(AppName app) {
    return PushRow.<PushRow>find("app = ?1 order by number desc", app.value())
        .firstResultOptional()
        .map(row -> row.number + 1)
        .orElse(1L);
  }

  /** The app's push that has not ended; part of a commit or a read. */
  static Optional<PushRow> pending(AppName app) {
    return PushRow.<PushRow>find("app = ?1 and state = 'pending' order by number", app.value())
        .firstResultOptional();
  }

  AcceptedPush push() {
    return new AcceptedPush(
        new BuildId(new AppName(app), number), user, branch, oldCommit, commit, pushState());
  }

  private PushState pushState() {
    return switch (state) {
      case "pending" -> new PushState.Pending();
      case "deployed" -> new PushState.Deployed();
      case "declined" -> new PushState.Declined(ProblemText.read(problem).orElseThrow());
      default -> throw new IllegalStateException("push state " + state);
    };
  }

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String app = "";
    @Id public long number;

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.number == number;
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, number);
    }
  }
}
