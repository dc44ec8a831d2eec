package dev.paas.api.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Asks a name server, by the client that the JDK has. An answer comes in bounded time, or none. */
final class NameServer {

  /** Answers beyond these are not read. */
  private static final int MAX_RECORDS = 100;

  @SuppressWarnings("JdkObsolete") // what InitialDirContext takes
  private final Hashtable<String, String> environment = new Hashtable<>();

  /**
   * @param server {@code address:port}; empty for those that the host asks
   * @param timeout for one question
   */
  NameServer(String server, Duration timeout) {
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, server.isEmpty() ? "dns:" : "dns://" + server);
    environment.put("com.sun.jndi.dns.timeout.initial", String.valueOf(timeout.toMillis()));
    environment.put("com.sun.jndi.dns.timeout.retries", "1");
    environment.put("com.sun.jndi.dns.recursion", "true");
  }

  /**
   * What the records of one type say; nothing when there is no such name.
   *
   * @throws NamingException when no answer comes, or one that says nothing
   */
  // The DNS provider reads records and makes no objects of them; the factory and the server are
  // fixed, a name is a Host.
  @SuppressWarnings("BanJNDI")
  List<String> ask(String name, String type) throws NamingException {
    DirContext context = new InitialDirContext(environment);
    try {
      Attribute found = context.getAttributes(name, new String[] {type}).get(type);
      List<String> values = new ArrayList<>();
      if (found != null) {
        NamingEnumeration<?> all = found.getAll();
        while (all.hasMore() && values.size() < MAX_RECORDS) {
          values.add(unquoted(String.valueOf(all.next())));
        }
      }
      return values;
    } catch (NameNotFoundException none) {
      return List.of();
    } finally {
      context.close();
    }
  }

  /** A text may come in quotes. */
  private static String unquoted(String text) {
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
