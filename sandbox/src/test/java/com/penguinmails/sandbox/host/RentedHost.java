package com.penguinmails.sandbox.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.activities.server.FirstContact;
import com.penguinmails.activities.server.FirstContact.ContactHost;
import com.penguinmails.activities.server.FirstContact.Contacted;
import com.penguinmails.activities.server.HostBundles;
import com.penguinmails.ports.host.HostBundle;
import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.ports.host.ssh.SshjRemoteHosts;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.ports.stack.debian.DebianStackDriver;
import com.penguinmails.sandbox.host.machine.Hardware;
import com.penguinmails.sandbox.stack.SelfMadeCertificate;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A simulated host and the production code that speaks with it.
final class RentedHost implements AutoCloseable {
  static final ServerId SERVER = ServerId.of("01980000-0000-7000-8000-00000000000a");
  static final IpAddress ADDRESS = new IpAddress("192.0.2.20");
  static final DomainName DOMAIN = new DomainName("acme.test");
  static final String FQDN = "mail.acme.test";
  static final String PASSWORD = "given-once-9431";
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final SshKeyPair LOGIN_KEY = SshKeyPair.generate("penguin");
  static final SshKeyPair HOST_KEY = SshKeyPair.generate("host");
  static final Templates TEMPLATES = new Templates(RentedHost.class.getClassLoader());
  private static final Map<SecretRef, Map<String, String>> SECRETS = secrets();

  private final Path directory;
  private final LoopbackNetwork network = new LoopbackNetwork(prefix());
  private SimulatedHosts hosts;
  private long version;

  private RentedHost(Path directory) {
    this.directory = directory;
    this.hosts = SimulatedHosts.open(directory, network);
  }

  static RentedHost container(Path directory) {
    var rented = new RentedHost(directory);
    rented.hosts.rent("host", ADDRESS, PASSWORD);
    return rented;
  }

  static RentedHost virtualMachine(Path directory) {
    var rented = new RentedHost(directory);
    rented.hosts.rent("host", ADDRESS, PASSWORD, Hardware.virtualMachine());
    return rented;
  }

  /// Of this JVM, most likely; two at once on one machine would meet.
  private static String prefix() {
    var random = ThreadLocalRandom.current();
    return "127.%d.%d".formatted(random.nextInt(100, 250), random.nextInt(1, 255));
  }

  private static Map<SecretRef, Map<String, String>> secrets() {
    var secrets = new HashMap<SecretRef, Map<String, String>>();
    secrets.put(new SecretRef("dkim/acme", 1), Map.of("pem", SelfMadeCertificate.privateKey()));
    secrets.put(new SecretRef("mailbox/any", 1), Map.of("hash", "{SHA512-CRYPT}$6$salt$hash"));
    for (int i = 1; i <= 2; i++) {
      secrets.put(new SecretRef("certificate/host", i), SelfMadeCertificate.forNames(FQDN));
    }
    return secrets;
  }

  SimulatedHost host() {
    return hosts.find("host").orElseThrow();
  }

  SimulatedHosts hosts() {
    return hosts;
  }

  /// Ends as a killed process and begins again.
  void restart() {
    hosts.close();
    hosts = SimulatedHosts.open(directory, network);
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    hosts.close();
  }

  RemoteHosts remote() {
    return new SshjRemoteHosts(network);
  }

  RemoteHost asRoot() {
    return remote()
        .connect(
            new Target(ADDRESS, 22, "root"),
            new HostKey.FirstContact(),
            new Login.Password(PASSWORD),
            LIMIT);
  }

  FirstContact firstContact() {
    return new FirstContact(remote(), TEMPLATES);
  }

  /// As for a bought server: our host key, no passwords.
  static ContactHost bought() {
    return order("root", new Login.Password(PASSWORD), Optional.of(HOST_KEY), true);
  }

  /// As [#bought], of a host that showed this key before anything was changed.
  static ContactHost seen(String fingerprint, SshKeyPair ownKey) {
    var order = order("root", new Login.Password(PASSWORD), Optional.of(ownKey), true);
    return new ContactHost(
        order.server(),
        order.target(),
        Optional.of(fingerprint),
        order.given(),
        order.loginKey(),
        order.hostKey(),
        order.passwordsOff());
  }

  /// As for a tenant's own server: it keeps its host key and its logins.
  static ContactHost tenants(String user, Login given) {
    return order(user, given, Optional.empty(), false);
  }

  private static ContactHost order(
      String user, Login given, Optional<SshKeyPair> hostKey, boolean passwordsOff) {
    return new ContactHost(
        SERVER,
        new Target(ADDRESS, 22, user),
        Optional.empty(),
        given,
        LOGIN_KEY,
        hostKey,
        passwordsOff);
  }

  Contacted contact() {
    return firstContact().contact(bought());
  }

  RemoteHost asPenguin() {
    return remote()
        .connect(
            new Target(ADDRESS, 22, "penguin"),
            new HostKey.Pinned(host().hostKeyFingerprint()),
            new Login.PrivateKey(LOGIN_KEY.privateKeyPem()),
            LIMIT);
  }

  <T> T inSession(Function<StepProtocol, T> work) {
    try (var session = asPenguin()) {
      return work.apply(new StepProtocol(session));
    }
  }

  /// @param certificate its version; 0: none yet
  DesiredHost desired(int certificate, String... localParts) {
    return desired(++version, certificate, localParts);
  }

  static DesiredHost desired(long version, int certificate, String... localParts) {
    return desired(ADDRESS, version, certificate, localParts);
  }

  static DesiredHost desired(
      IpAddress address, long version, int certificate, String... localParts) {
    return new DesiredHost(
        SERVER,
        version,
        Stack.DEBIAN,
        new DomainName(FQDN),
        address,
        new HostSettings(
            List.of(new IpAddress("192.0.2.1")),
            List.of(),
            List.of("192.0.2.0/24"),
            List.of(secret(new SecretRef("certificate/host", 1)).getOrDefault("chain", ""))),
        List.of(
            new DesiredDomain(
                DOMAIN,
                List.of(new DkimKey("pm202611", new SecretRef("dkim/acme", 1))),
                "testing")),
        Stream.of(localParts)
            .map(part ->
                new DesiredMailbox(new EmailAddress(part, DOMAIN), new SecretRef("mailbox/any", 1)))
            .toList(),
        certificate == 0 ? Optional.empty() : Optional.of(certificate(certificate)));
  }

  private static DesiredCertificate certificate(int version) {
    return new DesiredCertificate(
        new CertificateId(new UUID(0, version)),
        List.of(new DomainName(FQDN)),
        new SecretRef("certificate/host", version));
  }

  static HostBundle bundle(DesiredHost desired) {
    return new HostBundles(TEMPLATES)
        .bundle(
            SERVER, desired.version(), new DebianStackDriver().plan(desired), RentedHost::secret);
  }

  private static Map<String, String> secret(SecretRef reference) {
    return Optional.ofNullable(SECRETS.get(reference)).orElseThrow();
  }

  List<StepAnswer> answers(DesiredHost desired) {
    return inSession(protocol -> protocol.probeAll(bundle(desired)));
  }

  SequencedMap<String, StepAnswer.State> states(DesiredHost desired) {
    return answers(desired).stream()
        .collect(
            Collectors.toMap(
                StepAnswer::step, StepAnswer::state, (one, _) -> one, LinkedHashMap::new));
  }

  /// Names of the steps that are not as they should be.
  List<String> unsettled(DesiredHost desired) {
    return answers(desired).stream()
        .filter(answer -> !answer.isSettled())
        .map(StepAnswer::step)
        .toList();
  }

  StepStatus.Finished apply(HostBundle bundle, String step, String token) {
    return inSession(
        protocol -> finished(protocol, protocol.start(bundle, step, token, Duration.ZERO).unit()));
  }

  static StepStatus.Finished finished(StepProtocol protocol, String unit) {
    return finished(protocol, unit, LIMIT);
  }

  static StepStatus.Finished finished(StepProtocol protocol, String unit, Duration limit) {
    return (StepStatus.Finished)
        await()
            .atMost(limit)
            .pollDelay(Duration.ZERO)
            .until(
                () -> protocol.status(unit, Duration.ofSeconds(1)),
                status -> !(status instanceof StepStatus.Running));
  }

  /// Probe, apply what is open, probe again in a new session. Answers what was applied.
  List<String> converge(DesiredHost desired) {
    var applied = unsettled(desired);
    var bundle = bundle(desired);
    inSession(protocol -> {
      for (var step : applied) {
        var unit = protocol.start(bundle, step, "t" + desired.version(), Duration.ZERO).unit();
        var result = finished(protocol, unit);
        assertThat(result.exitCode()).as("%s: %s", step, result.evidence()).isZero();
      }
      return true;
    });
    assertThat(unsettled(desired)).isEmpty();
    return applied;
  }
}
