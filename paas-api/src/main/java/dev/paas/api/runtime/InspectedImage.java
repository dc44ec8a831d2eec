package dev.paas.api.runtime;

import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImageDetails;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the manifest and the configuration of an image say.
 *
 * @param mediaType of the manifest
 * @param created as the image says, RFC 3339; may be empty
 * @param layers lowest first
 * @param history oldest first
 */
public record InspectedImage(
    StoredImage image,
    String mediaType,
    long manifestBytes,
    String configDigest,
    long configBytes,
    String created,
    String author,
    String os,
    String architecture,
    Config config,
    List<Layer> layers,
    List<Step> history) {

  /** How the image is to be run. */
  public record Config(
      List<String> env,
      List<String> entrypoint,
      List<String> cmd,
      String workingDir,
      String user,
      List<String> exposedPorts,
      Map<String, String> labels,
      List<String> volumes,
      String stopSignal,
      List<String> shell) {

    static Config of(ImageConfig sent) {
      return new Config(
          sent.getEnvList(),
          sent.getEntrypointList(),
          sent.getCmdList(),
          sent.getWorkingDir(),
          sent.getUser(),
          sent.getExposedPortsList(),
          new TreeMap<>(sent.getLabelsMap()),
          sent.getVolumesList(),
          sent.getStopSignal(),
          sent.getShellList());
    }
  }

  /**
   * A layer.
   *
   * @param digest as the manifest names it
   * @param packedBytes as the manifest says
   * @param bytes unpacked
   */
  public record Layer(
      String diffId, String digest, String mediaType, long packedBytes, long bytes) {}

  /** How a layer, or a value of the configuration, came about. */
  public record Step(String created, String createdBy, String comment, boolean emptyLayer) {}

  static InspectedImage of(ImageDetails sent) {
    return new InspectedImage(
        StoredImage.of(sent.getImage()),
        sent.getMediaType(),
        sent.getManifestBytes(),
        sent.getConfigDigest(),
        sent.getConfigBytes(),
        sent.getCreated(),
        sent.getAuthor(),
        sent.getOs(),
        sent.getArchitecture(),
        Config.of(sent.getImage().getConfig()),
        sent.getLayersList().stream()
            .map(
                layer ->
                    new Layer(
                        layer.getDiffId(),
                        layer.getDigest(),
                        layer.getMediaType(),
                        layer.getPackedBytes(),
                        layer.getBytes()))
            .toList(),
        sent.getHistoryList().stream()
            .map(
                step ->
                    new Step(
                        step.getCreated(),
                        step.getCreatedBy(),
                        step.getComment(),
                        step.getEmptyLayer()))
            .toList());
  }
}
