package dev.paas.builder.buildpack.nginx;

import dev.paas.builder.plan.Graph;
import dev.paas.builder.procfile.Command;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.source.GeneratedTree;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import java.util.List;
import java.util.Map;

/** An image of the stack that serves the files of a folder by nginx, which the stack has. */
public final class Nginx {

  /** The folder whose files are served. */
  public static final String ROOT = "/app/";

  private Nginx() {}

  /** The stack's root filesystem with a configuration; answers with the node's id. */
  public static String configured(Graph graph, String stack, Routing routing, boolean errorPage) {
    GeneratedTree server =
        GeneratedTree.of(
            Map.of("nginx.conf", NginxConfig.text(routing, errorPage), "start", NginxConfig.START));
    return graph.copy(
        "Configuring nginx",
        CopyOp.newBuilder()
            .setInput(stack)
            .setFrom(graph.tree(server, ""))
            .addSources(".")
            .setDestination(NginxConfig.FOLDER + "/"));
  }

  /** What starts it. */
  public static ImageConfig config(Image stack) {
    return stack.getConfig().toBuilder()
        .setUser("app")
        .setWorkingDir("/app")
        .clearEntrypoint()
        .clearCmd()
        .addCmd("/bin/sh")
        .addCmd(NginxConfig.FOLDER + "/start")
        .setStopSignal("SIGQUIT") // nginx: finish open requests, then stop
        .build();
  }

  /** Its process, as people see it. */
  public static ProcessTable processes() {
    return ProcessTable.web(new Command("nginx", List.of()));
  }
}
