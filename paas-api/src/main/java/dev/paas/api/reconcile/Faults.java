package dev.paas.api.reconcile;

import dev.paas.base.disk.DurableFile;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks the process at a {@link FaultPoint}: each time it comes to the one that the variable
 * {@code PAAS_FAULT} names, and as often as it says at the one that the file {@code
 * <run>/api/fault} names. The file is removed before the (last) fault happens, so that the process
 * that is started after a crash goes on. Does nothing unless the setting {@code api.fault-points}
 * is on, which no production platform has.
 */
@ApplicationScoped
public class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final boolean on;
  private final Optional<Fault> lasting;
  private final DurableFile once;

  public Faults(
      PlatformSettings settings,
      @ConfigProperty(name = "paas.fault", defaultValue = "none") String fault) {
    this.on = settings.api().faultPoints();
    this.lasting = !on || fault.equals("none") ? Optional.empty() : Optional.of(Fault.parse(fault));
    this.once = new DurableFile(settings.platform().run().resolve("api/fault"));
  }

  /** The process has come to {@code point}. */
  public void reach(FaultPoint point) {
    if (!on) {
      return;
    }
    lasting.filter(fault -> fault.point() == point).or(() -> armed(point)).ifPresent(this::happen);
  }

  /** Two threads may come to the point at once; one of them breaks. */
  private synchronized Optional<Fault> armed(FaultPoint point) {
    try {
      Optional<Fault> fault =
          once.readString()
              .filter(text -> !text.isBlank()) // it is just being written
              .map(text -> Fault.parse(text.strip()))
              .filter(read -> read.point() == point);
      if (fault.isPresent()) {
        Optional<String> rest = fault.get().rest();
        if (rest.isPresent()) {
          once.write(rest.get());
        } else {
          once.delete();
        }
      }
      return fault;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void happen(Fault fault) {
    LOG.atWarn()
        .addKeyValue("point", fault.point().label())
        .addKeyValue("effect", fault.effect())
        .log("fault injected");
    fault.happen();
  }
}
