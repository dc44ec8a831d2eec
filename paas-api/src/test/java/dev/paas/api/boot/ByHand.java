package dev.paas.api.boot;

import java.util.List;
import java.util.Map;

/**
 * A platform for tests that take the place of its queues: they close them and look at apps
 * themselves. Instances have time enough to listen, however slow the machine is.
 */
public final class ByHand extends SecondScheduler {

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(
        new TestResourceEntry(TestPlatform.class, Map.of(TestPlatform.BOOT_TIMEOUT, "10m")));
  }

  /** Else the platform of the other tests would be started beside this one. */
  @Override
  public boolean disableGlobalTestResources() {
    return true;
  }
}
