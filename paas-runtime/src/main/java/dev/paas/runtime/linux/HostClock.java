package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The host's clock as the kernel sees it (adjtimex(2)). */
public final class HostClock {

  /** More than the size of {@code struct timex}. */
  private static final int TIMEX_BYTES = 256;

  /** Of the field {@code status}: an unsigned int, padding and four longs come before. */
  private static final int STATUS_OFFSET = 40;

  private static final int STA_UNSYNC = 0x40;

  private HostClock() {}

  /** Whether somebody (NTP, the hypervisor) keeps the time. */
  public static boolean synchronised() throws IOException {
    byte[] timex = new byte[TIMEX_BYTES];
    checked("adjtimex", CALLS.adjtimex(timex));
    int status = ByteBuffer.wrap(timex).order(ByteOrder.nativeOrder()).getInt(STATUS_OFFSET);
    return (status & STA_UNSYNC) == 0;
  }
}
