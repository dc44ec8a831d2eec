package dev.paas.builder.buildpack.staticsite;

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
      @ERRORS@    location / {
      @LOCATION@    }
        }
      }
      """;

  private NginxConfig() {}

  static String text(boolean fallback, boolean errorPage) {
    StringBuilder location = new StringBuilder();
    location.append("      try_files $uri $uri/ ");
    location.append(fallback ? "/index.html;\n" : "=404;\n");
    String errors = errorPage ? "    error_page 404 /404.html;\n" : "";
    return TEMPLATE.replace("@ERRORS@", errors).replace("@LOCATION@", location);
  }
}
