package dev.paas.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Certificate;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.Draining;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Refused;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What paasd relies on at the control socket of a router, seen through its own {@link RouterLink}.
 * One router serves all tests of a class; their generations grow.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RouterContract {

  static final String HOST = "shop.test";
  private static final String FIRST = "shop.web.v1.1.g0";
  private static final String SECOND = "shop.web.v1.2.g0";
  private static final Duration SOON = Duration.ofSeconds(30);

  private final List<RouterLink> links = new ArrayList<>();
  private Heard heard = new Heard();
  private long generation;
  private long certificates;

  abstract Path socket();

  /** Where {@link #carry} finds an instance. */
  abstract Backend backend(String instance);

  /** Has the only instance of {@link #HOST} carry a request, until {@link #finish}. */
  abstract void carry(String instance) throws Exception;

  abstract void finish(String instance) throws Exception;

  /** Ends the router and starts it again. */
  abstract void restart() throws Exception;

  /** Defects of a table. */
  enum Defect {
    ADDRESS_IS_A_NAME,
    NO_PORT,
    NO_INSTANCE,
    NO_APP,
    HOST_IN_TWO_ROUTES,
    HOST_IN_CAPITALS,
    INSTANCE_IN_TWO_PLACES
  }

  @BeforeEach
  void connect() {
    heard = new Heard();
    link(heard);
  }

  @AfterEach
  void hangUp() {
    links.forEach(RouterLink::close);
    links.clear();
  }

  @Test
  void whoConnectsIsToldWhatHolds() {
    soon().until(() -> !heard.messages.isEmpty());
    RouterStatus first = heard.messages.get(0).getStatus();
    assertThat(first.getGeneration()).isEqualTo(generation);
    assertThat(first.getVersion()).isNotEmpty();
  }

  @Test
  void aTableIsAcknowledgedToWhoeverSentItAndToldToWhoeverComesLater() {
    publish(table(FIRST));
    Heard later = new Heard();
    link(later);
    soon().until(() -> later.applied() == generation);
    publish(table(FIRST, SECOND));
  }

  @Test
  void aTableThatIsNotNewerIsAnsweredWithWhatHolds() {
    publish(table(FIRST));
    for (long older : List.of(generation - 1, generation)) {
      int before = heard.statuses().size();
      links.get(0).send(table().setGeneration(older).build());
      soon().until(() -> heard.statuses().size() > before);
      assertThat(heard.applied()).isEqualTo(generation);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTableWithADefectIsRefusedAndTheOneBeforeHolds(Defect defect) {
    publish(table(FIRST));
    long held = generation;
    RouteTable defective = defective(defect).setGeneration(++generation).build();
    links.get(0).send(defective);

    soon().until(() -> !heard.refusals().isEmpty());
    Refused refused = heard.refusals().get(0);
    assertThat(refused.getGeneration()).isEqualTo(generation);
    assertThat(refused.getCode()).isEqualTo("router.invalid-table");
    assertThat(refused.getWhat()).isNotEmpty();
    Heard later = new Heard();
    link(later);
    soon().until(() -> later.applied() == held);
    publish(table(FIRST));
  }

  @Test
  void anInstanceThatLeftIsToldAsLongAsItCarriesSomething() throws Exception {
    publish(table(FIRST));
    carry(FIRST);
    publish(table(SECOND));
    assertThat(heard.draining()).containsExactly(FIRST + " 1");
    Heard later = new Heard();
    link(later);
    soon().until(() -> later.draining().equals(List.of(FIRST + " 1")));

    finish(FIRST);
    soon().until(() -> heard.draining().isEmpty());
    soon().until(() -> later.draining().isEmpty());
    assertThat(heard.applied()).isEqualTo(generation);
  }

  @Test
  void anInstanceOfTheTableIsNotDraining() throws Exception {
    publish(table(FIRST));
    carry(FIRST);
    publish(table(FIRST, SECOND));
    assertThat(heard.draining()).isEmpty();
    finish(FIRST);
  }

  @Test
  void aRestartKeepsTheTable() throws Exception {
    publish(table(FIRST));
    hangUp();
    restart();
    Heard again = new Heard();
    link(again);
    soon().until(() -> again.applied() == generation);
  }

  @Test
  void certificatesAreAcknowledgedAndToldAndOneThatIsOfNoUseIsNamed() throws Exception {
    publish(table(FIRST));
    Certificate useless = Certificate.newBuilder().setId("useless").addHosts(HOST).build();
    show(Certificates.newBuilder().addCertificates(useless));
    assertThat(heard.last().getUnusableList()).containsExactly("useless");
    assertThat(heard.applied()).isEqualTo(generation);
    int before = heard.statuses().size();
    links.get(0).send(Certificates.newBuilder().setVersion(certificates - 1).build());
    soon().until(() -> heard.statuses().size() > before);
    assertThat(heard.last().getCertificates()).isEqualTo(certificates);

    hangUp();
    restart();
    Heard again = new Heard();
    link(again);
    soon().until(() -> !again.statuses().isEmpty());
    assertThat(again.last().getCertificates()).isEqualTo(certificates);
    assertThat(again.last().getUnusableList()).containsExactly("useless");
  }

  /** Sends the next version and waits for the acknowledgement. */
  private void show(Certificates.Builder next) {
    soon().until(() -> !heard.statuses().isEmpty());
    certificates = heard.last().getCertificates() + 2;
    links.get(0).send(next.setVersion(certificates).build());
    soon().until(() -> heard.last().getCertificates() == certificates);
  }

  private void link(Heard listener) {
    RouterLink link = new RouterLink(socket(), listener);
    links.add(link);
    link.start();
  }

  /** Publishes the next generation and waits for the acknowledgement. */
  private void publish(RouteTable.Builder table) {
    links.get(0).send(table.setGeneration(++generation).build());
    soon().until(() -> heard.applied() == generation);
  }

  private RouteTable.Builder table(String... instances) {
    Route.Builder route = Route.newBuilder().setApp("shop").addHosts(HOST);
    for (String instance : instances) {
      route.addBackends(backend(instance));
    }
    return RouteTable.newBuilder().addRoutes(route);
  }

  private RouteTable.Builder defective(Defect defect) {
    RouteTable.Builder table = table(FIRST);
    Route.Builder route = table.getRoutesBuilder(0);
    Backend.Builder backend = route.getBackendsBuilder(0);
    switch (defect) {
      case ADDRESS_IS_A_NAME -> backend.setAddress("localhost");
      case NO_PORT -> backend.clearPort();
      case NO_INSTANCE -> backend.clearInstance();
      case NO_APP -> route.clearApp();
      case HOST_IN_TWO_ROUTES -> table.addRoutes(Route.newBuilder().setApp("blog").addHosts(HOST));
      case HOST_IN_CAPITALS -> route.addHosts("Shop.test");
      case INSTANCE_IN_TWO_PLACES ->
          route.addBackends(backend.build().toBuilder().setPort(backend.getPort() % 60_000 + 1));
    }
    return table;
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(10));
  }

  /** Writes down what the router tells. */
  private static final class Heard implements RouterLink.Listener {

    private final List<FromRouter> messages = new CopyOnWriteArrayList<>();

    @Override
    public void told(FromRouter message) {
      messages.add(message);
    }

    @Override
    public void lost() {}

    List<RouterStatus> statuses() {
      return messages.stream().filter(FromRouter::hasStatus).map(FromRouter::getStatus).toList();
    }

    List<Refused> refusals() {
      return messages.stream().filter(FromRouter::hasRefused).map(FromRouter::getRefused).toList();
    }

    private RouterStatus last() {
      List<RouterStatus> all = statuses();
      return all.isEmpty() ? RouterStatus.getDefaultInstance() : all.get(all.size() - 1);
    }

    long applied() {
      return last().getGeneration();
    }

    List<String> draining() {
      List<String> words = new ArrayList<>();
      for (Draining one : last().getDrainingList()) {
        words.add(one.getInstance() + " " + one.getInFlight());
      }
      return words;
    }
  }
}
