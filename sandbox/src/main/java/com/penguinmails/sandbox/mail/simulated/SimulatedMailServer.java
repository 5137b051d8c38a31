package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.mail.simulated.Incoming.Client;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Certificate;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A simulation of a mail server with Postfix, Dovecot and OpenDKIM: real SMTP and IMAP over real
/// TLS, on a loopback address. It relays for nobody, signs what its users send, finds receivers by
/// MX, queues and tries again, and keeps mailboxes and queue in files. All answers follow from its
/// configuration and from what it keeps, unless a fault is set.
public final class SimulatedMailServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedMailServer.class);

  /// Who connects from outside the simulated network: the machine the worker runs on.
  static final IpAddress OUTSIDE = new IpAddress("192.0.2.1");

  private final LoopbackNetwork network;
  private final Clock clock;
  private final MailRoutes routes;
  private final Mailboxes mailboxes;
  private final MailQueue queue;
  private final MailDelivery delivery;
  private final Greylist greylist;
  private final Map<Service, ListeningPort> ports = new EnumMap<>(Service.class);
  private volatile State state;

  /// Where it lives.
  ///
  /// @param resolver whom it asks for MX, addresses and the names of clients
  /// @param directory of mailboxes and queue; made when it is not there
  public record Place(LoopbackNetwork network, Resolver resolver, Path directory, Clock clock) {}

  /// What holds at this moment; conversations keep the one they began with.
  private record State(
      MailConfiguration configuration, MailFault fault, Map<Service, ServerTls> tls) {}

  private SimulatedMailServer(Place place, MailConfiguration configuration) {
    this.network = place.network();
    this.clock = place.clock();
    this.routes = new MailRoutes(place.resolver());
    this.mailboxes = new Mailboxes(place.directory().resolve("mailboxes"));
    this.queue = new MailQueue(place.directory().resolve("queue"));
    this.delivery = new MailDelivery(queue, clock, this::attempt);
    this.greylist = new Greylist(clock);
    this.state = new State(configuration, new MailFault.None(), Map.of());
  }

  /// Starts it with what an earlier life left in the directory.
  public static SimulatedMailServer start(Place place, MailConfiguration configuration) {
    var server = new SimulatedMailServer(place, configuration);
    server.become(configuration, new MailFault.None());
    return server;
  }

  /// From now on it is what the configuration says: ports open and close, new conversations follow
  /// it.
  ///
  /// @throws IllegalArgumentException it is of another address
  public void reload(MailConfiguration configuration) {
    if (!configuration.address().equals(state.configuration().address())) {
      throw new IllegalArgumentException(
          "%s cannot become %s"
              .formatted(state.configuration().address(), configuration.address()));
    }
    become(configuration, state.fault());
  }

  /// What the service is configured to show; empty: no TLS.
  public Optional<Certificate> certificate(Service service) {
    return Optional.ofNullable(state.configuration().certificates().get(service));
  }

  /// Sets a fault, replacing an earlier one.
  public void fault(MailFault fault) {
    become(state.configuration(), fault);
  }

  /// Behaves again. What waits is tried at once.
  public void heal() {
    greylist.forget();
    become(state.configuration(), new MailFault.None());
    flush();
  }

  /// Tries all that waits now (`postqueue -f`).
  public void flush() {
    delivery.flush();
  }

  /// How many messages wait to be delivered.
  public int waiting() {
    return queue.all().size();
  }

  /// The ports that are open, as seen from outside.
  public synchronized Set<Integer> openPorts() {
    var open = new TreeSet<Integer>();
    ports.keySet().forEach(service -> open.add(service.port()));
    return open;
  }

  /// Ends all connections. Mailboxes and queue stay for the next start.
  @Override
  public synchronized void close() {
    ports.values().forEach(ListeningPort::close);
    ports.clear();
    delivery.close();
  }

  private synchronized void become(MailConfiguration configuration, MailFault fault) {
    mailboxes.open(configuration.addresses().mailboxes());
    mailboxes.remove(configuration.addresses().removed());
    state = new State(configuration, fault, tls(configuration, fault));
    for (var service : Service.values()) {
      var isOpen = ports.containsKey(service);
      if (shouldBeOpen(service) && !isOpen) {
        ports.put(
            service,
            ListeningPort.open(
                network.reach(configuration.address(), service.port()),
                socket -> serve(service, socket)));
      } else if (!shouldBeOpen(service) && isOpen) {
        var port = ports.remove(service);
        if (port != null) {
          port.close();
        }
      }
    }
    delivery.start();
  }

  private boolean shouldBeOpen(Service service) {
    return state.configuration().serves(service)
        && (!service.tlsFirst() || state.tls().containsKey(service))
        && !(service == Service.SMTP && state.fault() instanceof MailFault.Down);
  }

  private static Map<Service, ServerTls> tls(MailConfiguration configuration, MailFault fault) {
    var contexts = new EnumMap<Service, ServerTls>(Service.class);
    configuration
        .certificates()
        .forEach((service, certificate) -> {
          try {
            contexts.put(service, ServerTls.of(certificate));
          } catch (IllegalArgumentException e) {
            LOG.atWarn().setCause(e).addKeyValue("service", service).log("No TLS");
          }
        });
    if (fault instanceof MailFault.OtherCertificate(var service, var other)) {
      contexts.put(service, ServerTls.of(other));
    }
    return contexts;
  }

  private void serve(Service service, Socket socket) throws IOException {
    if (service == Service.IMAPS) {
      var encrypted = new Backend(state).tls(service).orElseThrow().over(socket);
      mailboxes.serve(encrypted, this::mailbox);
    } else {
      new SmtpSession(new Backend(state), service, socket, client(socket)).serve();
    }
  }

  private Client client(Socket socket) {
    var loopback = new IpAddress(socket.getInetAddress().getHostAddress());
    try {
      return routes.client(network.simulated(loopback));
    } catch (IllegalArgumentException outside) {
      return routes.client(OUTSIDE);
    }
  }

  private Optional<String> mailbox(String user, String password) {
    var login = state.configuration().addresses().logins().get(user.toLowerCase(Locale.ROOT));
    return login != null && StoredPassword.matches(login.hash(), password)
        ? Optional.of(login.mailbox())
        : Optional.empty();
  }

  private Optional<MailDelivery.Attempt> attempt() {
    var configuration = state.configuration();
    return configuration.services().contains(Service.SMTP)
        ? Optional.of(
            new DeliveryRound(
                configuration, mailboxes, new OutgoingSmtp(network, routes, configuration), clock))
        : Optional.empty();
  }

  /// What SMTP conversations ask, by the state of the moment they began.
  private final class Backend implements SmtpBackend {
    private final State at;

    Backend(State at) {
      this.at = at;
    }

    @Override
    public MailConfiguration configuration() {
      return at.configuration();
    }

    @Override
    public MailFault fault() {
      return at.fault();
    }

    @Override
    public Optional<ServerTls> tls(Service service) {
      return Optional.ofNullable(at.tls().get(service));
    }

    @Override
    public boolean isLogin(String user, String password) {
      return mailbox(user, password).isPresent();
    }

    @Override
    public boolean isDomain(String name) {
      return !(routes.to(name) instanceof MailRoutes.Route.Nowhere);
    }

    @Override
    public boolean isTooEarly(Client client, String sender, String recipient) {
      return at.fault() instanceof MailFault.Greylist rule
          && greylist.isTooEarly(rule, client.address(), sender, recipient);
    }

    @Override
    public Optional<String> take(Incoming incoming) {
      var id = MailQueue.newId();
      var now = Instant.now(clock);
      var delay = at.fault() instanceof MailFault.Delayed(Duration pause) ? pause : Duration.ZERO;
      return new MessageIntake(at.configuration(), at.fault())
          .process(incoming, id, now)
          .map(message -> {
            delivery.add(
                new QueuedMail(id, incoming.sender(), incoming.recipients(), now, now.plus(delay)),
                message);
            return id;
          });
    }
  }
}
