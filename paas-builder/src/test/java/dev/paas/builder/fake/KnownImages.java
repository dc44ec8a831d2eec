package dev.paas.builder.fake;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.plan.BaseImages;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Base images by name; a digest is the name with {@code sha256:} before it. */
public final class KnownImages implements BaseImages {

  private final Map<String, ImageConfig> configs = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();

  public KnownImages with(String ref, ImageConfig.Builder config) {
    configs.put(ref, config.build());
    return this;
  }

  /** debian, node (with a command and variables) and the stacks. */
  public static KnownImages usual() {
    ImageConfig.Builder path = ImageConfig.newBuilder().addEnv("PATH=/usr/bin:/bin");
    return new KnownImages()
        .with("debian", path.clone().addCmd("bash"))
        .with(
            "node:22",
            path.clone()
                .addEnv("NODE_VERSION=22.1.0")
                .addEntrypoint("docker-entrypoint.sh")
                .addCmd("node")
                .setUser("node")
                .setWorkingDir("/srv"))
        .with("paas/python:latest", path.clone().addEnv("PYTHON_VERSION=3.11.2"))
        .with("paas/python-build:latest", path.clone().addEnv("PYTHON_VERSION=3.11.2"))
        .with("paas/go:latest", path.clone())
        .with("paas/go-build:latest", path.clone().addEnv("GO_VERSION=1.26.8"))
        .with("stack", path.clone().addEnv("NODE_VERSION=22.23.3").addCmd("bash"));
  }

  @Override
  public Image resolve(String ref) {
    asked.add(ref);
    ImageConfig config = configs.get(ref);
    if (config == null) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "image.not-found",
              "There is no such image",
              ref,
              "paas image pull " + ref)
          .asException();
    }
    return Image.newBuilder().setDigest("sha256:" + ref).setConfig(config).build();
  }

  public List<String> asked() {
    return asked;
  }
}
