package dev.paas.builder.buildpack.nginx;

/** What is answered for a path that is no file. */
public enum Routing {
  /** A folder's index.html, else an error. */
  FILES("$uri $uri/ =404"),

  /** A folder's index.html, else that of the site: its script shows the page. */
  INDEX("$uri $uri/ /index.html"),

  /**
   * The page of this name, as generators write them without {@code .html} in links; else an error.
   */
  PAGES("$uri $uri.html $uri/ =404"),

  /**
   * The page of this name if one was made, else the one that draws all others; never a list of a
   * folder's files, or an error because there is none.
   */
  SINGLE_PAGE("$uri $uri.html $uri/index.html /200.html /index.html");

  private final String files;

  Routing(String files) {
    this.files = files;
  }

  /** What nginx tries, in order. */
  String files() {
    return files;
  }
}
