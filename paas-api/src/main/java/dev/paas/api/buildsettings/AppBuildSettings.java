package dev.paas.api.buildsettings;

import dev.paas.api.build.BuildSettings;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;

/** The build settings of apps; each push is built with those of the moment when it came. */
@ApplicationScoped
public class AppBuildSettings {

  private final Store store;

  AppBuildSettings(Store store) {
    this.store = store;
  }

  public BuildSettings of(AppName app) {
    return store.read(
        () -> {
          BuildSettingsRow row = BuildSettingsRow.findById(app.value());
          return row == null ? BuildSettings.NONE : BuildSettings.read(row.settings);
        });
  }

  /** Replaces them; part of a commit that holds the app. */
  void save(AppName app, BuildSettings settings) {
    store.write(
        () -> {
          BuildSettingsRow row = BuildSettingsRow.findById(app.value());
          if (row == null) {
            row = new BuildSettingsRow();
            row.app = app.value();
            row.settings = settings.text();
            row.persist();
          } else {
            row.settings = settings.text();
          }
        });
  }
}
