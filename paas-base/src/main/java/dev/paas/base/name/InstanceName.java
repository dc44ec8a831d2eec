package dev.paas.base.name;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identity of one instance. A retry finds its own work by it; it names the container, its cgroups
 * and its log in the runtime, and stands in the route table and in the access log.
 *
 * @param release number of the release within its app; 0 for what belongs to none
 * @param slot counted from 1: web.1, web.2; 0 for a one-off run
 * @param generation grows with each deliberate replacement of the slot within a release
 */
public record InstanceName(
    AppName app, ProcessType process, long release, int slot, long generation)
    implements Comparable<InstanceName> {

  private static final Comparator<InstanceName> ORDER =
      Comparator.comparing(InstanceName::app)
          .thenComparing(InstanceName::process)
          .thenComparingLong(InstanceName::release)
          .thenComparingInt(InstanceName::slot)
          .thenComparingLong(InstanceName::generation);

  private static final String APP = "([a-z](?:[a-z0-9-]{0,37}[a-z0-9])?)";
  private static final String PROCESS = "([a-z](?:[a-z0-9-]{0,28}[a-z0-9])?)";
  private static final String NUMBER = "(0|[1-9]\\d{0,17})";
  private static final String SLOT = "(0|[1-9]\\d{0,8})";

  private static final Pattern FORM =
      Pattern.compile(APP + "\\." + PROCESS + "\\.v" + NUMBER + "\\." + SLOT + "\\.g" + NUMBER);

  /** How the control plane wrote it until version 0.1: the release before the process type. */
  private static final Pattern OLD_FORM =
      Pattern.compile(APP + "\\.v" + NUMBER + "\\." + PROCESS + "\\." + SLOT + "\\.g" + NUMBER);

  /** Reads what {@link #toString} writes; for one version, the older form, too. */
  public static Optional<InstanceName> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      return Optional.of(of(form, 2, 3));
    }
    Matcher old = OLD_FORM.matcher(text);
    return old.matches() ? Optional.of(of(old, 3, 2)) : Optional.empty();
  }

  private static InstanceName of(Matcher form, int process, int release) {
    return new InstanceName(
        new AppName(form.group(1)),
        new ProcessType(form.group(process)),
        Long.parseLong(form.group(release)),
        Integer.parseInt(form.group(4)),
        Long.parseLong(form.group(5)));
  }

  /** What people call it, e.g. {@code web.1}. */
  public String label() {
    return process + "." + slot;
  }

  /** What the instance is called inside, e.g. {@code web-1}. */
  public String hostname() {
    return process + "-" + slot;
  }

  @Override
  public int compareTo(InstanceName other) {
    return ORDER.compare(this, other);
  }

  /** Unique on the platform, e.g. {@code shop.web.v3.1.g0}: apps and process types have no dots. */
  @Override
  public String toString() {
    return app + "." + process + ".v" + release + "." + slot + ".g" + generation;
  }
}
