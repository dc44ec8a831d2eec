package dev.paas.builder.buildpack.nginx;

import java.util.List;

/** The configuration of nginx for a site, and the script that puts the port into it. */
final class NginxConfig {

  /** Where both are in the image. */
  static final String FOLDER = "/opt/paas/static";

  /**
   * Only /tmp is written. Requests are logged where the program may open its own standard output,
   * which depends on who owns the pipe; errors always are.
   */
  static final String START =
      """
      #!/bin/sh
      # Starts nginx on $PORT.
      set -eu
      access=off
      if ( : >/dev/stdout ) 2>/dev/null; then access="/dev/stdout line"; fi
      sed -e "s|@PORT@|${PORT:-5000}|" -e "s|@ACCESS@|$access|" \\
        %1$s/nginx.conf >/tmp/nginx.conf
      exec nginx -e stderr -c /tmp/nginx.conf
      """
          .formatted(FOLDER);

  /** {@code @PORT@} and {@code @ACCESS@} are for the start script. */
  private static final String TEMPLATE =
      """
      daemon off;
      worker_processes 1;
      pid /tmp/nginx.pid;
      error_log stderr warn;
      events { worker_connections 1024; }
      http {
        include /etc/nginx/mime.types;
        types { text/javascript mjs; application/manifest+json webmanifest; }
        default_type application/octet-stream;
        charset utf-8;
        server_tokens off;
        sendfile on;
        tcp_nopush on;
        keepalive_timeout 75;
        client_body_temp_path /tmp/nginx-body;
        proxy_temp_path /tmp/nginx-proxy;
        fastcgi_temp_path /tmp/nginx-fastcgi;
        uwsgi_temp_path /tmp/nginx-uwsgi;
        scgi_temp_path /tmp/nginx-scgi;
        gzip on;
        gzip_vary on;
        gzip_min_length 1000;
        gzip_types text/css text/plain text/xml text/javascript application/javascript
          application/json application/manifest+json application/xml image/svg+xml;
        log_format line '$remote_addr "$request" $status $body_bytes_sent $request_time';
        access_log @ACCESS@;
        server {
          listen @PORT@;
          root /app;
          index index.html;
          absolute_redirect off;
          # File times are made from the content: good for the ETag, not for a date. Without a
          # date no cache guesses a lifetime, and each use asks again.
          add_header Last-Modified "";
          add_header Cache-Control no-cache;
      @ERRORS@@HASHED@    location / {
            try_files @FILES@;
          }
        }
      }
      """;

  /**
   * Paths of files that a bundler named after their content, as regular expressions: two folders
   * that hold nothing else, hashes of hexadecimal digits or of capitals, and, in folders of
   * bundlers, those of any letters. A hash has a letter, because a date has none. What is not
   * certain to be one is asked for each time, as any file.
   */
  private static final List<String> HASHED =
      List.of(
          "^/(_next/static|_app/immutable)/",
          "[.-](?=[0-9]*[a-f])[0-9a-f]{8,32}\\.[a-z0-9.]+$",
          "[.-](?=[0-9]*[A-Z])[0-9A-Z]{8}\\.[a-z0-9.]+$",
          "^/(assets|_astro)/.*[.-](?=[^A-Z]{0,7}[A-Z])[0-9A-Za-z_-]{8}\\.[a-z0-9.]+$");

  /** They never change, and one that is gone is not the page. */
  private static final String HASHED_LOCATION =
      """
          location ~ "%s" {
            add_header Last-Modified "";
            add_header Cache-Control "public, max-age=31536000, immutable";
            try_files $uri =404;
          }
      """;

  private NginxConfig() {}

  /**
   * The configuration.
   *
   * @param errorPage there is, or may be, a page 404.html
   */
  static String text(Routing routing, boolean errorPage) {
    StringBuilder hashed = new StringBuilder();
    if (routing == Routing.PAGES || routing == Routing.SINGLE_PAGE) {
      HASHED.forEach(pattern -> hashed.append(HASHED_LOCATION.formatted(pattern)));
    }
    return TEMPLATE
        .replace("@ERRORS@", errorPage ? "    error_page 404 /404.html;\n" : "")
        .replace("@HASHED@", hashed)
        .replace("@FILES@", routing.files());
  }
}
