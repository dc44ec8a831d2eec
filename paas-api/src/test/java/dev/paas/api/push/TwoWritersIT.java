package dev.paas.api.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.build.BuildChanged;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildUse;
import dev.paas.api.build.Builds;
import dev.paas.api.build.NewBuild;
import dev.paas.api.build.Recipe;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Database;
import dev.paas.api.store.SecondStore;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.repository.Repositories;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionManager;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Test;

/** Two writers of one database, of which neither waits for the other's commit as a whole. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class TwoWritersIT {

  @Inject Caller caller;
  @Inject Repositories repositories;
  @Inject Store store;
  @Inject AgroalDataSource source;
  @Inject TransactionManager transactions;
  @Inject Database database;
  @Inject Apps apps;
  @Inject Releases releases;
  @Inject Pushes pushes;
  @Inject NewPushes coming;
  @Inject Builds builds;
  @Inject Attempts attempts;
  @Inject BuildUse use;
  @Inject Clock clock;
  @Inject Event<BuildChanged> changed;

  @Test
  void theSecondOfTwoPushesLooksAgain() throws Exception {
    AppName app = new AppName("two-writers-push");
    caller.admin().body(Map.of("name", "two-writers-push")).post("/v1/apps").then().statusCode(201);
    repositories.create(app);
    AcceptedPush push =
        new AcceptedPush(
            new BuildId(app, 1),
            "admin",
            "refs/heads/main",
            Push.NONE,
            commit(app),
            new PushState.Pending());

    Store second = SecondStore.of(source, transactions, database);
    NewPushes others =
        new NewPushes(
            second,
            apps,
            new Builds(second, attempts, clock, changed),
            use,
            new Audit(second, clock),
            clock);
    CompletableFuture<Boolean> later =
        duringCommitOf(
            () ->
                assertThat(coming.accept(push, Actor.PLATFORM, NewBuild.queued(Recipe.NONE)))
                    .isTrue(),
            () -> others.accept(push, Actor.PLATFORM, NewBuild.queued(Recipe.NONE)));

    assertThat(later.get(1, TimeUnit.MINUTES)).isFalse();
    assertThat(pushes.find(push.id())).isPresent();
    assertThat(coming.nextNumber(app)).isEqualTo(2);
  }

  @Test
  void theSecondOfTwoReleasesGetsTheNextVersion() throws Exception {
    AppName app = new AppName("two-writers-release");
    caller
        .admin()
        .body(Map.of("name", "two-writers-release"))
        .post("/v1/apps")
        .then()
        .statusCode(201);
    Store second = SecondStore.of(source, transactions, database);
    Releases others = new Releases(second, apps);

    CompletableFuture<Release> later =
        duringCommitOf(
            () -> releases.create(app, version -> release(app, version)),
            () -> others.create(app, version -> release(app, version)));

    assertThat(later.get(1, TimeUnit.MINUTES).version()).isEqualTo(new ReleaseVersion(2));
    assertThat(releases.list(app)).hasSize(2);
  }

  private <T> CompletableFuture<T> duringCommitOf(Runnable work, Supplier<T> other) {
    return SecondStore.duringCommitOf(store, work, other);
  }

  /** A site of one page. */
  private String commit(AppName app) throws IOException {
    try (Repository repository = repositories.open(app);
        ObjectInserter inserter = repository.newObjectInserter()) {
      TreeFormatter tree = new TreeFormatter();
      tree.append(
          "index.html",
          FileMode.REGULAR_FILE,
          inserter.insert(Constants.OBJ_BLOB, new byte[] {'h', 'i'}));
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(inserter.insert(tree));
      commit.setAuthor(new PersonIdent("t", "t@example.org"));
      commit.setCommitter(commit.getAuthor());
      commit.setMessage("One");
      String id = inserter.insert(commit).name();
      inserter.flush();
      return id;
    }
  }

  private static Release release(AppName app, ReleaseVersion version) {
    return new Release(
        app,
        version,
        "sha256:" + "0".repeat(64),
        0,
        new TreeMap<>(),
        Release.DEFAULT_PORT,
        "c",
        "admin",
        "Deploy c",
        Instant.EPOCH);
  }
}
