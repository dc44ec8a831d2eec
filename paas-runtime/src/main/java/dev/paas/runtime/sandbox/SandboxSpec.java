package dev.paas.runtime.sandbox;

import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.rootfs.RootFilesystem;
import java.util.List;

/**
 * One process to run to its end in a root filesystem.
 *
 * @param name unique on this platform: lower-case letters, digits, dots and hyphens; names cgroup
 *     and container
 * @param root mounted; stays mounted when the process has ended
 * @param argv the program is searched in the PATH of {@code env}
 * @param env the complete environment, {@code NAME=value}
 * @param workingDirectory made when missing
 * @param user {@code name|id[:group]}, looked up in the root filesystem; empty: root
 * @param limits 0 in a field: no limit of that kind
 * @param network reach DNS and the internet; otherwise only a loopback of its own
 * @param mounts what it sees beside its root filesystem
 * @param hostCertificates give it the host's certificate authorities and proxy variables
 * @param hostname what it is called inside
 */
public record SandboxSpec(
    String name,
    RootFilesystem root,
    List<String> argv,
    List<String> env,
    String workingDirectory,
    String user,
    Limits limits,
    boolean network,
    SandboxMounts mounts,
    boolean hostCertificates,
    String hostname) {

  public SandboxSpec {
    argv = List.copyOf(argv);
    env = List.copyOf(env);
  }
}
