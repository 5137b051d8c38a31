package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.mail.MailProbe.ProbeMailbox;
import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Addresses;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Certificate;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Habits;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Login;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Signing;
import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer.Place;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A simulation of the probe host: it takes mail for one mailbox as Postfix would, and shows it by
/// IMAP. Certificate and mailbox lie in its directory and are there again at the next start.
public final class SimulatedProbeHost implements ProbeHost {
  private static final IpAddress ADDRESS = new IpAddress("192.0.2.10");
  private static final String LOGIN = "proof";
  private static final Duration VALIDITY = Duration.ofDays(365);

  private final SimulatedMailServer server;
  private final Certificate certificate;
  private final String password;

  private SimulatedProbeHost(SimulatedMailServer server, Certificate certificate, String password) {
    this.server = server;
    this.certificate = certificate;
    this.password = password;
  }

  /// @param password of the mailbox login `proof`
  public static SimulatedProbeHost start(Place place, String password) {
    var certificate = certificate(place);
    return new SimulatedProbeHost(
        SimulatedMailServer.start(place, configuration(certificate, password)),
        certificate,
        password);
  }

  private static MailConfiguration configuration(Certificate certificate, String password) {
    var domain = RECIPIENT.substring(RECIPIENT.indexOf('@') + 1);
    return new MailConfiguration(
        HOSTNAME,
        ADDRESS,
        HOSTNAME + " ESMTP Postfix",
        Set.of(Service.SMTP, Service.IMAPS),
        Map.of(Service.SMTP, certificate, Service.IMAPS, certificate),
        List.of(),
        new Addresses(
            Set.of(domain),
            Set.of(RECIPIENT),
            Map.of(),
            Map.of(),
            Map.of(LOGIN, new Login("{PLAIN}" + password, RECIPIENT)),
            Set.of()),
        Signing.none(),
        new Habits(true, false, Set.of(), 1 << 20, Duration.ofMinutes(5), Duration.ofDays(5)));
  }

  /// A self-signed one, made once.
  private static Certificate certificate(Place place) {
    var key = place.directory().resolve("key.pem");
    var chain = place.directory().resolve("certificate.pem");
    try {
      Files.createDirectories(place.directory());
      if (Files.notExists(chain)) {
        var made = CertificateKeys.generate();
        writeForOwner(key, made);
        Files.writeString(
            chain,
            CertificateKeys.selfSigned(
                made, List.of(HOSTNAME), Instant.now(place.clock()), VALIDITY));
      }
      return new Certificate(Files.readString(chain), Files.readString(key));
    } catch (IOException e) {
      throw new UncheckedIOException("certificate of the probe host", e);
    }
  }

  private static void writeForOwner(Path path, String text) throws IOException {
    Files.deleteIfExists(path);
    Files.createFile(path, OwnerOnly.attribute());
    Files.writeString(path, text);
  }

  @Override
  public void fault(Fault fault) {
    server.fault(
        switch (fault) {
          case Fault.Greylist(var delay) -> new MailFault.Greylist(delay, Optional.empty());
          case Fault.GreylistOne(var client, var delay) ->
              new MailFault.Greylist(delay, Optional.of(client));
          case Fault.Refuse _ -> new MailFault.Refuse();
          case Fault.Alter _ -> new MailFault.Altered(MailFault.Stage.AFTER_SIGNING);
          case Fault.Down _ -> new MailFault.Down();
          case Fault.Slow(var delay) -> new MailFault.Slow(delay);
        });
  }

  @Override
  public void heal() {
    server.heal();
  }

  @Override
  public ProbeMailbox mailbox() {
    return new ProbeMailbox(ADDRESS, Service.IMAPS.port(), HOSTNAME, LOGIN, password);
  }

  @Override
  public IpAddress address() {
    return ADDRESS;
  }

  @Override
  public String certificatePem() {
    return certificate.chainPem();
  }

  @Override
  public void close() {
    server.close();
  }
}
