package dev.paas.api.doctor;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.certificate.HostStates;
import dev.paas.api.doctor.DoctorResource.Finding;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Hosts that are about to lose their certificate, or that got none. */
@ApplicationScoped
class CertificateFindings {

  private static final String PROBE = "certificates";

  private final Apps apps;
  private final HostStates states;

  CertificateFindings(Apps apps, HostStates states) {
    this.apps = apps;
    this.states = states;
  }

  List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    for (App app : apps.all()) {
      for (HostStates.Trouble trouble : states.troubles(app.name())) {
        findings.add(
            new Finding(
                PROBE,
                "warning",
                trouble.host() + " of " + trouble.app() + ": " + trouble.what(),
                "See paas certs -a " + trouble.app() + "; it is tried again by itself."));
      }
    }
    return findings.isEmpty()
        ? List.of(new Finding(PROBE, "ok", "no host is about to lose its certificate", ""))
        : findings;
  }
}
