package dev.paas.api.app;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;

/** The name of a new app is taken, perhaps by an app that the user may not know of. */
public final class AppExistsException extends PaasException {

  private static final long serialVersionUID = 1L;

  AppExistsException(AppName name) {
    super(
        Problem.of(
            Kind.CONFLICT,
            "app.exists",
            "There is already an app of this name",
            name.value(),
            "Choose another name."));
  }
}
