package dev.paas.runtime.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.runtime.container.ContainerFolders;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.HostTrust;
import dev.paas.runtime.container.PlatformFiles;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is in a sandbox beside its root filesystem, and the gate that its process waits at. */
final class SandboxContents {

  /** Opens what it will wait at before it says anything, or the answer could come and go before. */
  private static final String GATE =
      """
      #!/bin/sh
      exec 3<"$1/go"
      cat >"$1/state.json" && echo c >"$1/created" && read -r _ <&3
      """;

  private final PlatformFiles files;
  private final InstanceLinks links;
  private final ContainerLimits limits;
  private final Optional<HostTrust> trust;
  private final Path gate;

  /**
   * @param trust what builds get that want the host's certificates; empty: nothing
   */
  SandboxContents(
      ContainerFolders folders,
      PlatformFiles files,
      InstanceLinks links,
      ContainerLimits limits,
      Optional<HostTrust> trust)
      throws IOException {
    this.files = files;
    this.links = links;
    this.limits = limits;
    this.trust = trust;
    this.gate = Folders.create(folders.run().resolve("bin"), "rwx------").resolve("gate");
    Files.write(gate, GATE.getBytes(UTF_8));
  }

  /** A step has the image's own /tmp; a mount without a size is as large as /tmp elsewhere. */
  private List<Bundle.Memory> memory(SandboxSpec spec, Profile profile) {
    Stream<Bundle.Memory> own =
        profile == Profile.BUILD
            ? Stream.empty()
            : Stream.of(new Bundle.Memory("/tmp", limits.tmpBytes()));
    Stream<Bundle.Memory> asked =
        spec.mounts().memory().stream()
            .map(
                each ->
                    new Bundle.Memory(
                        ProgramSpec.folder(each.target()),
                        each.bytes() == 0 ? limits.tmpBytes() : each.bytes()));
    return Stream.concat(own, asked).toList();
  }

  /** What a process may have on the disk. */
  DiskLimits disk(Profile profile) {
    return profile == Profile.BUILD ? limits.stepDisk() : limits.instanceDisk();
  }

  /** What a process sees beside its files because its caller wants it to. */
  private List<Bundle.Bind> asked(SandboxSpec spec, SandboxResources resources, Accounts account)
      throws IOException {
    List<Bundle.Bind> binds = new ArrayList<>();
    int number = 0;
    for (SandboxMounts.Shared shared : spec.mounts().shared()) {
      Path shown = resources.share(shared.source(), spec.root().ids(), number++);
      binds.add(new Bundle.Bind(shown, ProgramSpec.folder(shared.target()), true));
    }
    for (SandboxMounts.View view : spec.mounts().views()) {
      String target = ProgramSpec.folder(view.target());
      binds.add(new Bundle.Bind(view.source(), target, view.written().isPresent()));
    }
    for (SandboxMounts.Secret secret : spec.mounts().secrets()) {
      String target = ProgramSpec.folder(secret.target());
      Path folder = files.secrets(spec.name(), spec.root().ids());
      String name = Integer.toString(number++);
      write(folder, name, secret, spec.root(), account);
      binds.add(new Bundle.Bind(folder.resolve(name), target, false));
    }
    return binds;
  }

  private static void write(
      Path folder, String name, SandboxMounts.Secret secret, RootFilesystem root, Accounts account)
      throws IOException {
    Accounts owner = secret.owner().isEmpty() ? account : Accounts.in(root.path(), secret.owner());
    Files.write(folder.resolve(name), secret.content().getBytes(UTF_8));
    try (Directory in = Directory.open(folder)) {
      in.setOwner(
          name, (int) root.ids().outside(owner.uid()), (int) root.ids().outside(owner.gid()));
      in.setMode(name, secret.mode());
    }
  }

  /** What the OCI runtime is told of a process that waits at the gate of its bundle. */
  Bundle of(SandboxSpec spec, Profile profile, SandboxResources resources, Path bundle)
      throws IOException {
    RootFilesystem root = spec.root();
    Accounts account = Accounts.in(root.path(), spec.user());
    String address = spec.network() ? links.link(resources.place()).address().getHostAddress() : "";
    List<Bundle.Bind> binds =
        new ArrayList<>(
            profile == Profile.BUILD
                ? files.write(root, spec.name(), spec.hostname(), address)
                : files.binds(spec.name(), spec.hostname(), address));
    binds.addAll(asked(spec, resources, account));
    List<String> env = spec.env();
    if (spec.hostCertificates() && trust.isPresent()) {
      binds.addAll(trust.get().binds());
      env = trust.get().complete(env);
    }
    return new Bundle(
        root,
        files.underInit(Signals.SIGTERM, spec.argv()),
        ProgramSpec.withHome(env, account),
        ProgramSpec.folder(spec.workingDirectory().isEmpty() ? "/" : spec.workingDirectory()),
        account,
        profile == Profile.BUILD ? Bundle.BUILD_CAPABILITIES : Bundle.INSTANCE_CAPABILITIES,
        spec.hostname(),
        binds,
        disk(profile).bytes(),
        memory(spec, profile),
        limits.shmBytes(),
        Optional.of(List.of("/bin/sh", gate.toString(), bundle.toString())),
        Optional.empty());
  }
}
