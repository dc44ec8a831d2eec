package dev.paas.builder.buildpack.other;

import java.util.List;

/** Those that are known; of several whose files are there the first counts. */
final class Languages {

  static final List<Language> ALL =
      List.of(
          Language.sure(
              "Ruby on Rails",
              List.of("bin/rails"),
              """
              FROM ruby:3.3
              WORKDIR /app
              COPY . .
              ENV RAILS_ENV=production
              RUN bundle config set without development:test
              RUN bundle install
              CMD bin/rails server -b 0.0.0.0 -p ${PORT:-8080}
              """),
          Language.sure(
              "Ruby",
              List.of("config.ru"),
              """
              FROM ruby:3.3
              WORKDIR /app
              COPY . .
              RUN bundle install
              CMD bundle exec rackup -o 0.0.0.0 -p ${PORT:-8080}
              """),
          Language.sure(
              "Laravel",
              List.of("artisan"),
              """
              FROM composer:2 AS vendor
              WORKDIR /app
              COPY . .
              RUN composer install --no-dev --ignore-platform-reqs
              FROM php:8.3-apache
              COPY --from=vendor --chown=www-data /app /var/www/html
              WORKDIR /etc/apache2
              RUN sed -i 's/80/${PORT}/; s|html|html/public|' \\
                    ports.conf sites-available/000-default.conf \\
                  && a2enmod rewrite
              ENV PORT=8080
              """),
          Language.sure(
              "PHP",
              List.of("composer.json"),
              """
              FROM composer:2 AS vendor
              WORKDIR /app
              COPY . .
              RUN composer install --no-dev --ignore-platform-reqs
              FROM php:8.3-apache
              COPY --from=vendor /app /var/www/html
              WORKDIR /etc/apache2
              RUN sed -i 's/80/${PORT}/' \\
                    ports.conf sites-available/000-default.conf
              ENV PORT=8080
              """),
          Language.sure(
              "PHP",
              List.of("index.php"),
              """
              FROM php:8.3-apache
              COPY . /var/www/html
              WORKDIR /etc/apache2
              RUN sed -i 's/80/${PORT}/' \\
                    ports.conf sites-available/000-default.conf
              ENV PORT=8080
              """),
          Language.sure(
              "Java (Maven)",
              List.of("pom.xml"),
              """
              FROM maven:3-eclipse-temurin-21 AS build
              WORKDIR /src
              COPY . .
              RUN mvn -B -DskipTests package
              FROM eclipse-temurin:21-jre
              COPY --from=build /src/target/*.jar /app/
              CMD exec java -Dserver.port=${PORT:-8080} -jar /app/*.jar
              """),
          Language.sure(
              "Java or Kotlin (Gradle)",
              List.of("build.gradle", "build.gradle.kts", "gradlew"),
              """
              FROM gradle:8-jdk21 AS build
              WORKDIR /src
              COPY . .
              RUN gradle --no-daemon build -x test \\
                  && rm -f build/libs/*-plain.jar
              FROM eclipse-temurin:21-jre
              COPY --from=build /src/build/libs/*.jar /app/
              CMD exec java -Dserver.port=${PORT:-8080} -jar /app/*.jar
              """),
          new Language(
              ".NET",
              true,
              List.of(),
              List.of(".csproj", ".fsproj"),
              """
              FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
              WORKDIR /src
              COPY . .
              RUN dotnet publish @NAME@ -c Release -o /out
              FROM mcr.microsoft.com/dotnet/aspnet:8.0
              WORKDIR /app
              COPY --from=build /out .
              CMD ASPNETCORE_URLS=http://+:${PORT:-8080} \\
                  exec dotnet @STEM@.dll
              """),
          new Language(
              ".NET (a solution: name its web project for App)",
              true,
              List.of(),
              List.of(".sln", ".slnx"),
              """
              FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
              WORKDIR /src
              COPY . .
              RUN dotnet publish App/App.csproj -c Release -o /out
              FROM mcr.microsoft.com/dotnet/aspnet:8.0
              WORKDIR /app
              COPY --from=build /out .
              CMD ASPNETCORE_URLS=http://+:${PORT:-8080} \\
                  exec dotnet App.dll
              """),
          Language.sure(
              "Elixir",
              List.of("mix.exs"),
              """
              FROM elixir:1.17
              WORKDIR /app
              COPY . .
              ENV MIX_ENV=prod PHX_SERVER=true
              RUN mix local.hex --force && mix local.rebar --force
              RUN mix deps.get --only prod && mix compile
              CMD exec mix run --no-halt
              """),
          Language.sure(
              "Scala (sbt, with its native packager)",
              List.of("build.sbt"),
              """
              FROM eclipse-temurin:21
              RUN curl -fL https://github.com/coursier/coursier/releases/\\
              latest/download/cs-x86_64-pc-linux.gz \\
                  | gzip -d >/bin/cs && chmod +x /bin/cs
              WORKDIR /app
              COPY . .
              RUN cs launch sbt -- stage
              CMD exec $(ls target/universal/stage/bin/* | grep -v bat)
              """),
          Language.sure(
              "Clojure",
              List.of("project.clj"),
              """
              FROM clojure:temurin-21-lein
              WORKDIR /app
              COPY . .
              RUN lein uberjar
              CMD exec java -jar target/*-standalone.jar
              """),
          Language.sure(
              "Clojure",
              List.of("deps.edn"),
              """
              FROM clojure:temurin-21-tools-deps
              WORKDIR /app
              COPY . .
              RUN clojure -P
              CMD exec clojure -M -m app.main
              """),
          Language.sure(
              "Haskell (Stack)",
              List.of("stack.yaml"),
              """
              FROM haskell:9
              WORKDIR /src
              COPY . .
              RUN stack --system-ghc install --local-bin-path /out
              CMD exec /out/*
              """),
          Language.sure(
                  "Haskell (Cabal)",
                  List.of("cabal.project"),
                  """
                  FROM haskell:9
                  WORKDIR /src
                  COPY . .
                  RUN cabal update && cabal install \\
                      --install-method=copy --installdir=/out
                  CMD exec /out/*
                  """)
              .orNamed(".cabal"),
          Language.sure(
              "Crystal",
              List.of("shard.yml"),
              """
              FROM crystallang/crystal
              WORKDIR /app
              COPY . .
              RUN shards build --release --production
              CMD exec bin/*
              """),
          Language.unsure(
              "Ruby",
              List.of("Gemfile"),
              """
              FROM ruby:3.3
              WORKDIR /app
              COPY . .
              RUN bundle install
              CMD exec bundle exec ruby app.rb
              """),
          Language.unsure(
              "Rust",
              List.of("Cargo.toml"),
              """
              FROM rust:1-bookworm AS build
              WORKDIR /src
              COPY . .
              RUN cargo install --path . --root /out
              FROM debian:bookworm-slim
              COPY --from=build /out/bin /app
              CMD exec /app/*
              """),
          Language.unsure(
              "Swift",
              List.of("Package.swift"),
              """
              FROM swift
              WORKDIR /app
              COPY . .
              RUN swift build -c release
              CMD exec swift run -c release --skip-build
              """),
          Language.unsure(
              "Gleam",
              List.of("gleam.toml"),
              """
              FROM ghcr.io/gleam-lang/gleam:v1.5.1-erlang-alpine
              WORKDIR /app
              COPY . .
              RUN gleam export erlang-shipment
              CMD exec build/erlang-shipment/entrypoint.sh run
              """),
          Language.unsure(
              "Deno",
              List.of("deno.json", "deno.jsonc"),
              """
              FROM denoland/deno
              WORKDIR /app
              COPY . .
              RUN deno cache main.ts
              CMD ["run", "-A", "main.ts"]
              """),
          Language.unsure(
              "Dart",
              List.of("pubspec.yaml"),
              """
              FROM dart:stable AS build
              WORKDIR /app
              COPY . .
              RUN dart pub get
              RUN dart compile exe bin/server.dart -o /server
              FROM debian:bookworm-slim
              COPY --from=build /server /server
              CMD ["/server"]
              """),
          Language.unsure(
              "Zig",
              List.of("build.zig"),
              """
              FROM python:3-slim
              RUN pip install ziglang
              WORKDIR /app
              COPY . .
              RUN python -m ziglang build -Doptimize=ReleaseSafe
              CMD exec zig-out/bin/*
              """),
          Language.unsure(
              "C or C++ (CMake)",
              List.of("CMakeLists.txt"),
              """
              FROM debian:bookworm
              RUN apt-get update && apt-get install -y \\
                  --no-install-recommends g++ cmake make
              WORKDIR /src
              COPY . .
              RUN cmake -B out -DCMAKE_BUILD_TYPE=Release \\
                  && cmake --build out
              RUN cp $(find out -type f -executable \\
                  -not -path '*/CMakeFiles/*' | head -n 1) /app
              CMD ["/app"]
              """));

  private Languages() {}
}
