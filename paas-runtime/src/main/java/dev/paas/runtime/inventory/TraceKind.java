package dev.paas.runtime.inventory;

/** What containers leave on a host. */
public enum TraceKind {
  CONTAINERS("containers"),
  GROUPS("cgroups"),
  PROCESSES("processes"),
  LINKS("links"),
  ADMITTED("packet-filter"),
  ADDRESSES("addresses"),
  MOUNTS("mounts"),
  FOLDERS("bundles"),
  WRITABLE("writable-layers"),
  EXITS("exit-codes");

  private final String words;

  TraceKind(String words) {
    this.words = words;
  }

  /** Its name in findings, e.g. {@code writable-layers}. */
  public String words() {
    return words;
  }
}
