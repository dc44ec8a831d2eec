package dev.paas.runtime.network;

import dev.paas.runtime.linux.network.Nftables;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What may pass to and from instances: one table of the host's packet filter, named like the
 * platform. The rules never change while the daemon runs; the set of links with their addresses
 * does.
 *
 * <p>An instance reaches the internet, DNS and the router where it listens; not other instances,
 * not the host, not private networks, not the networks that the host is in, not a cloud's own
 * services. It sends with its own address or not at all, and holds so many connections of the
 * host's table.
 */
public final class Firewall implements AutoCloseable {

  private static final String PRIVATE =
      "{ 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 168.63.129.16, 169.254.0.0/16,"
          + " 172.16.0.0/12, 192.0.0.0/24, 192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3 }";

  /** An element of the set of links as nft(8) prints it. */
  private static final Pattern ELEMENT = Pattern.compile("\"([^\"]+)\" \\. ([0-9.]+)");

  private static final Pattern ELEMENTS = Pattern.compile("elements = \\{[^}]*\\}");

  /** What differs between two prints of the same rules. */
  private static final Pattern CHANGING =
      Pattern.compile(" packets \\d+ bytes \\d+| # handle \\d+|" + ELEMENTS.pattern());

  private static final Pattern RULE = Pattern.compile("comment \"([^\"]+)\" # handle (\\d+)");

  private final Nftables nftables;
  private final String table;
  private final String links;
  private final String platform;
  private final int connections;

  // What was put in place and whom it admits: somebody may flush the host's rules.
  private Optional<Installed> installed = Optional.empty();
  private final Set<Link> admitted = new HashSet<>();

  /**
   * @param rules as the kernel has them, without counters and elements
   */
  private record Installed(
      AddressRange range, List<RouterDoor> router, List<String> networks, String rules) {}

  private Firewall(Nftables nftables, String platform, int connections) {
    this.nftables = nftables;
    this.platform = platform;
    this.connections = connections;
    this.table = "paas-" + platform;
    this.links = InstanceLinks.prefix(platform) + "*";
  }

  /**
   * Opens the packet filter; changes nothing yet.
   *
   * @param connections that one address may have in the host's table of connections
   */
  public static Firewall of(String platform, int connections) {
    return new Firewall(Nftables.open(), platform, connections);
  }

  /**
   * Puts the rules in place in one transaction: there is no moment with half of them.
   *
   * @param instances link and address of each instance that runs
   * @param router where instances reach it
   */
  public synchronized void install(
      AddressRange range, List<RouterDoor> router, Collection<Link> instances) throws IOException {
    List<Link> wanted = List.copyOf(instances);
    admitted.clear();
    admitted.addAll(wanted);
    List<String> resolvers = Resolvers.upstream();
    String elements = wanted.stream().map(Firewall::element).collect(Collectors.joining(", "));
    String gateway = range.gateway().getHostAddress();
    List<String> networks = HostRoutes.connected(platform);
    StringBuilder rules = new StringBuilder();
    rules.append("add table inet ").append(table).append("\n");
    rules.append("delete table inet ").append(table).append("\n");
    rules.append("table inet ").append(table).append(" {\n");
    rules.append("  set instances { type ifname . ipv4_addr;");
    if (!elements.isEmpty()) {
      rules.append(" elements = { ").append(elements).append(" }");
    }
    rules.append(" }\n");
    rules.append("  set connections { type ipv4_addr; size 65535; flags dynamic; }\n");
    rules.append("  chain out {\n");
    rules.append("    iifname . ip saddr != @instances counter drop\n");
    rules.append("    meta nfproto != ipv4 drop\n");
    rules.append("    ct state established,related accept\n");
    rules.append("    ct state invalid drop\n").append(bounded());
    rules.append("    ct status dnat meta l4proto { tcp, udp } th dport 53 accept\n");
    rules.append("    oifname \"").append(links).append("\" drop\n");
    rules.append("    ip daddr ").append(range).append(" drop\n");
    rules.append("    ip daddr ").append(PRIVATE).append(" drop\n");
    for (String network : networks) {
      rules.append("    ip daddr ").append(network).append(" drop\n");
    }
    rules.append("    accept\n  }\n");
    rules.append("  chain forward {\n    type filter hook forward priority filter - 5;\n");
    rules.append("    iifname \"").append(links).append("\" jump out\n");
    rules.append("    oifname \"").append(links).append("\" ct state established,related accept\n");
    rules.append("    oifname \"").append(links).append("\" drop\n  }\n");
    rules.append("  chain host {\n");
    rules.append("    meta nfproto != ipv4 drop\n");
    rules.append("    iifname . ip saddr != @instances counter drop\n");
    rules.append("    ct state established,related accept\n");
    rules.append(bounded());
    rules.append("    icmp type echo-request ip daddr ").append(gateway).append(" accept\n");
    for (RouterDoor door : router) {
      rules.append("    ").append(door.rule()).append("\n");
    }
    rules.append("    drop\n  }\n");
    rules.append("  chain input {\n    type filter hook input priority filter - 5;\n");
    rules.append("    iifname \"").append(links).append("\" jump host\n  }\n");
    if (!resolvers.isEmpty()) {
      rules.append("  chain dns {\n    type nat hook prerouting priority dstnat - 5;\n");
      rules.append("    iifname \"").append(links).append("\" ip daddr ").append(gateway);
      rules.append(" meta l4proto { tcp, udp } th dport 53 dnat ip to ").append(chosen(resolvers));
      rules.append("\n  }\n");
    }
    rules.append("  chain leave {\n    type nat hook postrouting priority srcnat - 5;\n");
    rules.append("    ip saddr ").append(range).append(" oifname != \"").append(links);
    rules.append("\" oifname != \"lo\" masquerade\n  }\n");
    rules.append("}\n");
    nftables.run(rules.toString());
    installed = Optional.of(new Installed(range, router, networks, shape(printed())));
    passDocker();
  }

  /** What is refused here enters no table: an entry is made when a packet leaves or arrives. */
  private String bounded() {
    return "    ct state new add @connections { ip saddr ct count over "
        + connections
        + " } counter reject with icmpx type admin-prohibited\n";
  }

  private static String chosen(List<String> resolvers) {
    if (resolvers.size() == 1) {
      return resolvers.get(0);
    }
    StringBuilder map = new StringBuilder("numgen random mod " + resolvers.size() + " map { ");
    for (int i = 0; i < resolvers.size(); i++) {
      map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(resolvers.get(i));
    }
    return map.append(" }").toString();
  }

  // dockerd drops what it does not know while forwarding, and leaves this chain to its neighbours.
  private void passDocker() throws IOException {
    if (dockerRules().isEmpty() && hasDocker()) {
      String rule = "insert rule ip filter DOCKER-USER ";
      nftables.run(
          rule
              + "iifname \""
              + links
              + "\" accept comment \""
              + table
              + "\"\n"
              + rule
              + "oifname \""
              + links
              + "\" accept comment \""
              + table
              + "\"\n");
    }
  }

  private boolean hasDocker() {
    try {
      nftables.run("list chain ip filter DOCKER-USER\n");
      return true;
    } catch (IOException none) {
      return false;
    }
  }

  private List<String> dockerRules() throws IOException {
    if (!hasDocker()) {
      return List.of();
    }
    Matcher rules = RULE.matcher(nftables.run("list chain ip filter DOCKER-USER\n"));
    return rules
        .results()
        .filter(rule -> rule.group(1).equals(table))
        .map(rule -> rule.group(2))
        .toList();
  }

  /** Lets a link send with its address. */
  synchronized void admit(Link link) throws IOException {
    admitted.add(link);
    try {
      nftables.run("add element inet " + table + " instances { " + element(link) + " }\n");
    } catch (IOException flushed) {
      if (!restore()) {
        throw flushed;
      }
    }
  }

  /** Takes that back; a link that was never admitted is a success. */
  synchronized void dismiss(Link link) throws IOException {
    admitted.remove(link);
    String change = " element inet " + table + " instances { " + element(link) + " }\n";
    try {
      // Deleting what is absent fails, adding what is present does not.
      nftables.run("add" + change + "delete" + change);
    } catch (IOException failed) {
      if (present()) {
        throw failed;
      }
      // Somebody flushed the rules; whoever puts them back leaves this link out.
    }
  }

  /** What the kernel admits now; nothing when the rules are gone. */
  synchronized Set<Link> elements() throws IOException {
    return present() ? elements(printed()) : Set.of();
  }

  private static Set<Link> elements(String printed) throws IOException {
    Set<Link> links = new HashSet<>();
    Matcher set = ELEMENTS.matcher(printed);
    while (set.find()) {
      Matcher element = ELEMENT.matcher(set.group());
      while (element.find()) {
        links.add(
            new Link(element.group(1), (Inet4Address) InetAddress.getByName(element.group(2))));
      }
    }
    return links;
  }

  /**
   * Puts the rules in place again when they are gone or were changed: a reload of the host's own
   * packet filter flushes everybody's, and instances would reach each other and nothing else.
   *
   * @return whether they were not as they should be
   */
  public synchronized boolean restore() throws IOException {
    if (installed.isEmpty()) {
      return false;
    }
    try {
      check();
      return false;
    } catch (IOException gone) {
      install(installed.get().range(), installed.get().router(), List.copyOf(admitted));
      return true;
    }
  }

  /** Fails when the platform's table is not in place, or somebody has changed it. */
  public synchronized void check() throws IOException {
    String now = printed();
    if (installed.isPresent()
        && !installed.get().networks().equals(HostRoutes.connected(platform))) {
      throw new IOException("the host is in other networks than the rules of " + table + " say");
    }
    if (installed.isPresent() && !installed.get().rules().equals(shape(now))) {
      throw new IOException("the rules of table " + table + " are not the platform's");
    }
    if (installed.isPresent() && !admitted.equals(elements(now))) {
      throw new IOException(
          "table " + table + " admits " + elements(now) + " instead of " + admitted);
    }
  }

  private boolean present() {
    try {
      return !printed().isEmpty();
    } catch (IOException gone) {
      return false;
    }
  }

  private String printed() throws IOException {
    return nftables.run("list table inet " + table + "\n");
  }

  private static String shape(String printed) {
    return CHANGING.matcher(printed).replaceAll("").replaceAll("\\s+", " ");
  }

  /** Removes every rule of this platform; absent ones are a success. */
  public synchronized void uninstall() throws IOException {
    installed = Optional.empty();
    nftables.run("add table inet " + table + "\ndelete table inet " + table + "\n");
    for (String handle : dockerRules()) {
      nftables.run("delete rule ip filter DOCKER-USER handle " + handle + "\n");
    }
  }

  private static String element(Link link) {
    return "\"" + link.name() + "\" . " + link.address().getHostAddress();
  }

  @Override
  public void close() {
    nftables.close();
  }
}
