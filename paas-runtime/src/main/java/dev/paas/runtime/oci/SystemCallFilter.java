package dev.paas.runtime.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The system calls that programs may make, in the form of the OCI runtime specification ({@code
 * linux.seccomp}). The list is the resource {@code system-calls.txt}.
 */
final class SystemCallFilter {

  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  /**
   * Flags of clone(2) that make namespaces: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID,
   * NEWNET.
   */
  private static final long NAMESPACES = 0x7E020000L;

  /**
   * AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: not AF_ALG, AF_VSOCK, AF_PACKET and what
   * else there is.
   */
  private static final List<Long> FAMILIES = List.of(0L, 1L, 2L, 10L, 16L);

  /**
   * Personalities that only change what uname says; and the question. Not ADDR_NO_RANDOMIZE, which
   * makes a program easier to take over.
   */
  private static final List<Long> PERSONALITIES = List.of(0L, 8L, 0x20000L, 0x20008L, 0xffffffffL);

  /**
   * Asynchronous input and output of the kernel's first kind: its contexts are counted for the
   * whole host (fs.aio-max-nr), so that one app would take everybody's. Programs use threads
   * instead.
   */
  private static final List<String> OLD_AIO =
      List.of("io_setup", "io_destroy", "io_submit", "io_cancel", "io_getevents", "io_pgetevents");

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  /** Flags of fallocate(2): PUNCH_HOLE with KEEP_SIZE gives room back. */
  private static final long GIVE_BACK = 3;

  private static final int EOPNOTSUPP = 95;

  SystemCallFilter() throws IOException {
    json.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", EPERM);
    json.putArray("architectures").add(architecture());
    ArrayNode rules = json.putArray("syscalls");
    ArrayNode always = (ArrayNode) rule(rules, "SCMP_ACT_ALLOW").get("names");
    for (String line : list().lines().toList()) {
      if (!line.startsWith("#")) {
        for (String call : line.substring(line.indexOf(':') + 1).strip().split(" ")) {
          always.add(call);
        }
      }
    }
    allowed(rules, "clone", NAMESPACES, "SCMP_CMP_MASKED_EQ");
    FAMILIES.forEach(family -> allowed(rules, "socket", family, "SCMP_CMP_EQ"));
    allowed(rules, "socketpair", 1, "SCMP_CMP_EQ");
    PERSONALITIES.forEach(value -> allowed(rules, "personality", value, "SCMP_CMP_EQ"));
    allocation(rules);
    // Its arguments are in memory, a filter can't see them: glibc falls back to clone.
    rule(rules, "SCMP_ACT_ERRNO", "clone3").put("errnoRet", ENOSYS);
    rule(rules, "SCMP_ACT_ERRNO", OLD_AIO.toArray(String[]::new)).put("errnoRet", ENOSYS);
  }

  /**
   * Reserving room takes no time and no memory: a loop of it would fill the disk before anybody has
   * looked. Programs know file systems that can't, and write instead.
   */
  private static void allocation(ArrayNode rules) {
    argument(rule(rules, "SCMP_ACT_ALLOW", "fallocate"), 1, GIVE_BACK, "SCMP_CMP_EQ");
    ObjectNode refused = rule(rules, "SCMP_ACT_ERRNO", "fallocate").put("errnoRet", EOPNOTSUPP);
    argument(refused, 1, GIVE_BACK, "SCMP_CMP_NE");
  }

  ObjectNode json() {
    return json.deepCopy();
  }

  private static void allowed(ArrayNode rules, String call, long value, String comparison) {
    argument(rule(rules, "SCMP_ACT_ALLOW", call), 0, value, comparison);
  }

  private static void argument(ObjectNode rule, int index, long value, String comparison) {
    rule.putArray("args")
        .addObject()
        .put("index", index)
        .put("value", value)
        .put("valueTwo", 0)
        .put("op", comparison);
  }

  private static ObjectNode rule(ArrayNode rules, String action, String... calls) {
    ObjectNode rule = rules.addObject().put("action", action);
    ArrayNode names = rule.putArray("names");
    List.of(calls).forEach(names::add);
    return rule;
  }

  private static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return name.equals("aarch64") ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
  }

  private static String list() throws IOException {
    try (InputStream in = SystemCallFilter.class.getResourceAsStream("system-calls.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }
}
