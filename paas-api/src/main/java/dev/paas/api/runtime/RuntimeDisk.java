package dev.paas.api.runtime;

import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.DropCachesRequest;
import dev.paas.contract.runtime.MeasureDiskRequest;
import dev.paas.contract.runtime.MeasureDiskResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What paas-runtimed has on the disk. */
@ApplicationScoped
public class RuntimeDisk {

  private final RuntimeClient runtime;

  RuntimeDisk(RuntimeClient runtime) {
    this.runtime = runtime;
  }

  /**
   * Measures what some apps, those of one user, have, and what the user has loaded.
   *
   * @param cacheScope the user: whose builds' steps count
   * @param shared images whose layers count for nobody
   * @param needed images that count as if they were the apps' own
   * @param fetched images that were fetched for the apps' builds
   */
  public DiskUse measure(
      List<AppName> apps,
      String cacheScope,
      List<String> shared,
      List<String> needed,
      List<String> fetched) {
    MeasureDiskRequest request =
        MeasureDiskRequest.newBuilder()
            .addAllApps(apps.stream().map(AppName::value).toList())
            .setCacheScope(cacheScope)
            .setOwner(cacheScope)
            .addAllShared(shared)
            .addAllNeeded(needed)
            .addAllFetched(fetched)
            .build();
    MeasureDiskResponse said = runtime.call(() -> runtime.now().measureDisk(request));
    return new DiskUse(
        said.getImageBytes(), said.getInstanceBytes(), said.getCacheBytes(), said.getCacheLayers());
  }

  /**
   * Forgets what only makes the next builds of some apps faster.
   *
   * @param cacheScope whose builds' steps are forgotten; empty for nobody's
   * @param fetched images that were fetched for builds
   */
  public void dropCaches(List<AppName> apps, String cacheScope, List<String> fetched) {
    DropCachesRequest request =
        DropCachesRequest.newBuilder()
            .addAllApps(apps.stream().map(AppName::value).toList())
            .setCacheScope(cacheScope)
            .addAllFetched(fetched)
            .build();
    runtime.call(() -> runtime.now().dropCaches(request));
  }
}
