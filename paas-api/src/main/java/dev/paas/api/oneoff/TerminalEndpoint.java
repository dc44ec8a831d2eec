package dev.paas.api.oneoff;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.access.BearerTokens;
import dev.paas.api.http.RoutedProblem;
import dev.paas.api.identity.AccessChanged;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Terminals over WebSockets (RFC 6455) of HTTP/1.1: {@code GET /v1/apps/{app}/terminals}, and
 * {@code GET /v1/terminals} for images of no app. One that is refused gets an HTTP answer like any
 * other request; docs/api.md says what is sent through the others.
 */
@Singleton
class TerminalEndpoint {

  private final TerminalDoor door;
  private final ImageDoor images;
  private final TerminalStreams streams;
  private final ObjectMapper json;
  private final PlatformSettings.Terminals settings;
  private final UserPlaces open;
  private final UserPlaces forwards;
  private final ConcurrentHashMap<Visit, TerminalConnection> terminals = new ConcurrentHashMap<>();

  TerminalEndpoint(
      TerminalDoor door,
      ImageDoor images,
      TerminalStreams streams,
      ObjectMapper json,
      PlatformSettings settings) {
    this.door = door;
    this.images = images;
    this.streams = streams;
    this.json = json;
    this.settings = settings.terminals();
    this.open =
        new UserPlaces(
            this.settings.atOnce(),
            tooMany("terminals", "terminals.at-once", this.settings.atOnce()));
    this.forwards =
        new UserPlaces(
            this.settings.forwards(),
            tooMany("forwarded connections", "terminals.forwards", this.settings.forwards()));
  }

  void register(@Observes Router router) {
    router.get("/v1/apps/:app/terminals").handler(this::serve);
    router.get("/v1/terminals").handler(this::serve);
  }

  private void serve(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      RoutedProblem.answer(
          context,
          Problem.of(
              Kind.INVALID,
              "terminal.no-websocket",
              "This path takes WebSockets alone",
              "Use the paas command, or a client that speaks WebSocket (RFC 6455)."));
      return;
    }
    BearerTokens.Request asked =
        new BearerTokens.Request(
            request.getHeader("Authorization"),
            request.remoteAddress() == null || request.remoteAddress().hostAddress() == null
                ? ""
                : request.remoteAddress().hostAddress(),
            "GET",
            context.normalizedPath());
    // Frames that come early wait for their reader.
    request.pause();
    context
        .vertx()
        .executeBlocking(
            () -> {
              Visitor visitor = enter(asked, context.pathParam("app"));
              open.take(visitor.user());
              return visitor;
            },
            false)
        .onSuccess(visitor -> open(context, visitor))
        .onFailure(
            refused -> {
              request.resume();
              RoutedProblem.answer(context, refused);
            });
  }

  /**
   * @param app null at the terminals of images
   */
  private Visitor enter(BearerTokens.Request asked, @Nullable String app) {
    if (app == null) {
      String user = images.enter(asked);
      return new Visitor(asked, PersonalApp.of(user), user);
    }
    AppName name = new AppName(app);
    return new Visitor(asked, name, door.enter(asked, name));
  }

  /** Somebody who may have a terminal of this app, or of an image. */
  private record Visitor(BearerTokens.Request request, AppName app, String user) {}

  /** Asks again about the terminals of a user who may do less now; on their own threads. */
  void lookAgain(@Observes AccessChanged changed) {
    terminals.forEach(
        (visit, terminal) -> {
          if (visit.visitor.user().equals(changed.user())) {
            terminal.lookAgain();
          }
        });
  }

  private TerminalDoor.Joined begin(Visitor visitor, TerminalRequest asked) {
    return asked.image() == null
        ? door.begin(visitor.request(), visitor.app(), asked)
        : images.begin(visitor.request(), asked);
  }

  private TerminalRequest parse(Visitor visitor, String text) {
    return PersonalApp.is(visitor.app())
        ? TerminalRequest.parseOfImage(json, text)
        : TerminalRequest.parse(json, text);
  }

  private void open(RoutingContext context, Visitor visitor) {
    if (context.response().closed()) {
      // Nobody would be told of the end of what is made for one who has gone.
      open.leave(visitor.user());
      return;
    }
    context
        .request()
        .toWebSocket()
        .onFailure(
            broken -> {
              // Whoever sent a malformed handshake has been answered.
              open.leave(visitor.user());
            })
        .onSuccess(
            socket -> {
              Visit visit = new Visit(visitor);
              TerminalConnection connection =
                  new TerminalConnection(socket, context.vertx(), settings.ping(), streams, visit);
              visit.opened(connection);
            });
  }

  /** What an open terminal asks for its visitor. */
  private final class Visit implements TerminalConnection.Visit {

    private final Visitor visitor;

    /** Where it counts; only its event loop changes that. */
    private UserPlaces places = open;

    Visit(Visitor visitor) {
      this.visitor = visitor;
    }

    void opened(TerminalConnection opened) {
      terminals.put(this, opened);
      opened.open();
    }

    @Override
    public Callable<TerminalConnection.Start> ask(String text) {
      TerminalRequest asked = parse(visitor, text);
      if (asked.port() != null) {
        forwards.take(visitor.user());
        open.leave(visitor.user());
        places = forwards;
      }
      return () -> new TerminalConnection.Start(visitor.app(), begin(visitor, asked));
    }

    @Override
    public void still(TerminalConnection.Start begun) {
      if (PersonalApp.is(begun.app())) {
        images.still(begun.joined());
      } else {
        door.still(begun.app(), begun.joined());
      }
    }

    @Override
    public void over() {
      terminals.remove(this);
      places.leave(visitor.user());
    }
  }

  private static Problem tooMany(String what, String setting, int most) {
    return Problem.of(
        Kind.BUSY,
        "terminal.too-many",
        "You have too many " + what + " open",
        setting + " = " + most,
        "Close some of them.");
  }
}
