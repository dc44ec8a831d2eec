package dev.paas.api.rollout;

import dev.paas.base.name.InstanceName;
import java.util.ArrayList;
import java.util.List;

/** What an app waits for. */
sealed interface Wait {

  /** One phrase for people, e.g. {@code web.2 to listen on port 5000}. */
  String text();

  /** Whether the router's own trouble explains this wait better. */
  boolean onRouter();

  /** Instances of a deployment have been asked for. */
  record Starting(List<InstanceName> instances) implements Wait {
    @Override
    public String text() {
      return labels(instances) + " to start";
    }

    @Override
    public boolean onRouter() {
      return false;
    }
  }

  /**
   * New instances have started and no request can be sent to them yet.
   *
   * @param elsewhere where one of them listens instead, in brackets; empty when none does
   */
  record Listening(List<InstanceName> instances, int port, String elsewhere) implements Wait {
    @Override
    public String text() {
      return labels(instances) + " to listen on port " + port + elsewhere;
    }

    @Override
    public boolean onRouter() {
      return false;
    }
  }

  /** The router has not applied the table that has the new instances. */
  record Router() implements Wait {
    @Override
    public String text() {
      return "the router to take the new routes";
    }

    @Override
    public boolean onRouter() {
      return true;
    }
  }

  /** The router still has requests, or may still send some, to instances that leave. */
  record Requests(List<InstanceName> instances) implements Wait {
    @Override
    public String text() {
      return "requests on " + labels(instances) + " to finish";
    }

    @Override
    public boolean onRouter() {
      return true;
    }
  }

  /** Instances that nobody wants any more have been told to stop. */
  record Stopping(List<InstanceName> instances) implements Wait {
    @Override
    public String text() {
      return labels(instances) + " to stop";
    }

    @Override
    public boolean onRouter() {
      return false;
    }
  }

  /** A deployment that failed takes away what it started. */
  record Removal() implements Wait {
    @Override
    public String text() {
      return "its new instances to be removed";
    }

    @Override
    public boolean onRouter() {
      return false;
    }
  }

  /** Nobody can say what runs. */
  record RuntimeAway() implements Wait {
    @Override
    public String text() {
      return "the runtime (paas-runtimed), which does not answer";
    }

    @Override
    public boolean onRouter() {
      return false;
    }
  }

  private static String labels(List<InstanceName> instances) {
    List<String> labels = new ArrayList<>();
    instances.forEach(key -> labels.add(key.label()));
    return labels.size() <= 4
        ? String.join(", ", labels)
        : String.join(", ", labels.subList(0, 3)) + " and " + (labels.size() - 3) + " more";
  }
}
