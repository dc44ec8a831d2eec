package dev.paas.api.building;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.build.BuildId;
import dev.paas.base.name.AppName;
import io.grpc.Context;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class BuildCallsTest {

  private static final AppName SHOP = new AppName("shop");
  private static final BuildId FIRST = new BuildId(SHOP, 1);
  private static final BuildId SECOND = new BuildId(SHOP, 2);
  private static final BuildId OTHER = new BuildId(new AppName("blog"), 1);

  private final BuildCalls calls = new BuildCalls();

  @Test
  void anInterruptionCancelsWhatIsAskedForTheBuild() throws Exception {
    boolean cancelled =
        calls.interruptibly(
            FIRST,
            () -> {
              assertThat(Context.current().isCancelled()).isFalse();
              calls.interrupt(FIRST);
              return Context.current().isCancelled();
            });
    assertThat(cancelled).isTrue();
  }

  @Test
  void anInterruptionOfAnotherBuildCancelsNothing() throws Exception {
    boolean cancelled =
        calls.interruptibly(
            FIRST,
            () -> {
              calls.interrupt(SECOND);
              calls.interrupt(OTHER.app());
              return Context.current().isCancelled();
            });
    assertThat(cancelled).isFalse();
  }

  @Test
  void anInterruptionOfAnAppCancelsWhatIsAskedForItsBuilds() throws Exception {
    boolean cancelled =
        calls.interruptibly(
            SECOND,
            () -> {
              calls.interrupt(SHOP);
              return Context.current().isCancelled();
            });
    assertThat(cancelled).isTrue();
  }

  @Test
  void workThatHasEndedIsNotUnderWayAndHasNoPartInWhatFollows() throws Exception {
    Context before = Context.current();
    boolean underWay = calls.interruptibly(FIRST, () -> calls.isUnderWay(FIRST));
    assertThat(underWay).isTrue();
    assertThat(calls.isUnderWay(FIRST)).isFalse();
    assertThat(Context.current()).isSameAs(before);
  }

  @Test
  void callsThatWorkHasLeftBehindEndWithIt() throws Exception {
    Context left = calls.interruptibly(FIRST, Context::current);
    assertThat(left.isCancelled()).isTrue();
  }

  @Test
  void workThatFailsHasEnded() {
    assertThatThrownBy(
            () ->
                calls.interruptibly(
                    FIRST,
                    () -> {
                      throw new IOException("damaged");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(calls.isUnderWay(FIRST)).isFalse();
  }
}
