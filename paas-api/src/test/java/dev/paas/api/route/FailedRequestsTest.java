package dev.paas.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.contract.router.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FailedRequestsTest {

  private static final AppName SHOP = new AppName("shop");
  private static final AppName BLOG = new AppName("blog");

  private final FailedRequests failures = new FailedRequests();

  @Test
  void aFailureIsKeptAsTheRouterToldIt() {
    failures.told(
        List.of(
            Failure.newBuilder()
                .setApp("shop")
                .setAtMillis(1500)
                .setLabel("web.1")
                .setCode("app.reset")
                .setWhat("The app ended the connection")
                .setStatus(502)
                .setMethod("POST")
                .setHost("shop.example.org")
                .setTarget("/cart")
                .setRequestId("a1")
                .setTotalMicros(700)
                .setSkipped(2)
                .build()));

    assertThat(failures.of(SHOP))
        .containsExactly(
            new FailedRequest(
                SHOP,
                Instant.ofEpochMilli(1500),
                "web.1",
                "app.reset",
                "The app ended the connection",
                502,
                "POST",
                "shop.example.org",
                "/cart",
                "a1",
                700,
                2));
    assertThat(failures.of(BLOG)).isEmpty();
  }

  @Test
  void onlyTheNewestAreKeptOldestFirst() {
    int all = FailedRequests.KEPT + 5;
    IntStream.range(0, all).forEach(i -> failures.told(List.of(failure("shop", "" + i))));

    assertThat(failures.of(SHOP))
        .extracting(FailedRequest::requestId)
        .containsExactlyElementsOf(IntStream.range(5, all).mapToObj(i -> "" + i).toList());
  }

  @Test
  void aFollowerHearsOfItsAppUntilItEndsTheFollowing() {
    List<String> heard = new ArrayList<>();
    List<String> alsoHeard = new ArrayList<>();
    var one = failures.follow(SHOP, failed -> heard.add(failed.requestId()));
    var other = failures.follow(SHOP, failed -> alsoHeard.add(failed.requestId()));

    failures.told(List.of(failure("shop", "1"), failure("blog", "2")));
    one.close();
    failures.told(List.of(failure("shop", "3")));
    other.close();
    failures.told(List.of(failure("shop", "4")));

    assertThat(heard).containsExactly("1");
    assertThat(alsoHeard).containsExactly("1", "3");
  }

  @Test
  void nothingIsKeptOfAnAppThatIsGone() {
    failures.told(List.of(failure("shop", "1"), failure("blog", "2")));
    failures.forget(SHOP);

    assertThat(failures.of(SHOP)).isEmpty();
    assertThat(failures.of(BLOG)).hasSize(1);
  }

  private static Failure failure(String app, String id) {
    return Failure.newBuilder().setApp(app).setRequestId(id).build();
  }
}
