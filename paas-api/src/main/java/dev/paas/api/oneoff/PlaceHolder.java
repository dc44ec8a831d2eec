package dev.paas.api.oneoff;

/** Whatever has one of the places for runs. */
sealed interface PlaceHolder permits OneOff, OpenSession {

  /** Whose place it is. */
  String user();

  /** Whether it takes as much memory as an instance, beside what instances have. */
  boolean takesMemory();

  /** Whether it has not begun, and is given up when others need its place. */
  boolean waits();

  /** Its entry in the audit; 0 for none. */
  long entry();
}
