package dev.paas.runtime.instance;

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
   * Personalities that only change what uname says or where addresses are laid out; and the
   * question.
   */
  private static final List<Long> PERSONALITIES =
      List.of(0L, 8L, 0x20000L, 0x20008L, 0x40000L, 0xffffffffL);

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  SystemCallFilter() throws IOException {
    json.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", EPERM);
    json.putArray("architectures").add(architecture());
    ArrayNode rules = json.putArray("syscalls");
    ArrayNode always = rule(rules, "SCMP_ACT_ALLOW");
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
    // Its arguments are in memory, a filter can't see them: glibc falls back to clone.
    ObjectNode absent = rules.addObject().put("action", "SCMP_ACT_ERRNO").put("errnoRet", ENOSYS);
    absent.putArray("names").add("clone3");
  }

  ObjectNode json() {
    return json.deepCopy();
  }

  private static void allowed(ArrayNode rules, String call, long value, String comparison) {
    ArrayNode names = rule(rules, "SCMP_ACT_ALLOW");
    names.add(call);
    ObjectNode last = (ObjectNode) rules.get(rules.size() - 1);
    last.putArray("args")
        .addObject()
        .put("index", 0)
        .put("value", value)
        .put("valueTwo", 0)
        .put("op", comparison);
  }

  private static ArrayNode rule(ArrayNode rules, String action) {
    return rules.addObject().put("action", action).putArray("names");
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
