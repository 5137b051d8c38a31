package com.penguinmails.ports.stack.debian;

import static java.util.stream.Collectors.joining;

import com.penguinmails.ports.stack.StackDriver.Line;
import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.ports.stack.StackDriver.Source;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox.Life;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.MailAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The steps of the mail services, from what the host should be.
final class MailServices {
  private static final String ROOT = "root:root";

  private final DesiredHost desired;
  private final String fqdn;
  private final Addresses addresses;

  MailServices(DesiredHost desired) {
    this.desired = desired;
    this.fqdn = desired.hostname().value();
    this.addresses = new Addresses(desired);
  }

  boolean everyDomainHasKey() {
    return !desired.domains().isEmpty()
        && desired.domains().stream().noneMatch(domain -> domain.dkimKeys().isEmpty());
  }

  PlannedStep openDkim() {
    var files = new ArrayList<PlannedFile>();
    for (var domain : desired.domains()) {
      for (var key : domain.dkimKeys()) {
        files.add(
            new PlannedFile(
                keyFile(domain, key),
                new Source.Secret(key.privateKey(), "pem"),
                "opendkim:opendkim",
                "0600"));
      }
    }
    // The tables after the keys they name.
    files.add(
        plain(
            "/etc/opendkim/KeyTable",
            Map.of(
                "keys",
                lines(
                    desired.domains().stream()
                        .flatMap(
                            domain -> domain.dkimKeys().stream().map(k -> keyRow(domain, k)))))));
    files.add(
        plain(
            "/etc/opendkim/SigningTable",
            Map.of(
                "signers", lines(desired.domains().stream().flatMap(MailServices::signerRows)))));
    files.add(plain("/etc/opendkim/TrustedHosts", Map.of()));
    files.add(plain("/etc/opendkim.conf", Map.of()));
    return step("210-opendkim", Map.of(), files);
  }

  private static String keyFile(DesiredDomain domain, DkimKey key) {
    return "/etc/opendkim/keys/" + domain.name() + "/" + key.selector() + ".private";
  }

  private static String keyRow(DesiredDomain domain, DkimKey key) {
    return "%s.%s %s:%s:%s"
        .formatted(
            key.selector(), domain.name(), domain.name(), key.selector(), keyFile(domain, key));
  }

  private static Stream<String> signerRows(DesiredDomain domain) {
    var key = domain.dkimKeys().getLast().selector() + "." + domain.name();
    return Stream.of("*@" + domain.name() + " " + key);
  }

  PlannedStep mtaStsOfReceivers() {
    return step("220-mta-sts", Map.of(), List.of(plain("/etc/mta-sts-daemon.yml", Map.of())));
  }

  PlannedStep tls(DesiredCertificate certificate) {
    return step(
        "240-tls",
        Map.of("FQDN", fqdn),
        List.of(
            new PlannedFile(
                "/etc/ssl/penguin/mail.key",
                new Source.Secret(certificate.secret(), "key"),
                ROOT,
                "0600"),
            new PlannedFile(
                "/etc/ssl/penguin/mail.fullchain.pem",
                new Source.Secret(certificate.secret(), "chain"),
                ROOT,
                "0644")));
  }

  PlannedStep mailboxes() {
    var logins =
        addresses
            .having(Life.OPEN)
            .map(m -> new Line(m.address() + ":", Optional.of(m.login()), "hash", "::::::"))
            .toList();
    return step(
        "230-mailboxes",
        Map.of(),
        List.of(
            new PlannedFile(
                "/etc/dovecot/penguin/users",
                new Source.SecretLines(logins),
                "root:dovecot",
                "0640"),
            stack(
                "/etc/dovecot/penguin/roles",
                "root:dovecot",
                "0640",
                Map.of("lines", lines(addresses.mailboxesWithoutLogin().map(a -> a + ":::::::")))),
            plain(
                "/etc/dovecot/penguin/removed",
                Map.of(
                    "addresses",
                    lines(addresses.having(Life.GONE).map(m -> m.address().toString())))),
            map("vdomains", "domains", addresses.domains()),
            map("vmailbox", "mailboxes", addresses.mailboxes()),
            map("valias", "aliases", addresses.aliases()),
            map("senders", "senders", addresses.senders())));
  }

  private static PlannedFile map(String name, String variable, Stream<String> rows) {
    return plain("/etc/postfix/penguin/" + name, Map.of(variable, lines(rows)));
  }

  PlannedStep dovecot() {
    return step(
        "250-dovecot", Map.of(), List.of(plain("/etc/dovecot/dovecot.conf", Map.of("fqdn", fqdn))));
  }

  PlannedStep postfix() {
    return step(
        "260-postfix",
        Map.of("FQDN", fqdn),
        List.of(
            plain("/etc/postfix/penguin/submission_headers", Map.of()),
            plain("/etc/postfix/penguin/transport", Map.of()),
            plain("/etc/postfix/master.cf", Map.of()),
            plain("/etc/postfix/main.cf", Map.of("fqdn", fqdn))));
  }

  PlannedStep web() {
    var names =
        desired.domains().stream()
            .flatMap(d -> Stream.of(d.name().child("mta-sts"), d.name().child("autoconfig")))
            .map(Object::toString)
            .collect(joining(" "));
    var files = new ArrayList<PlannedFile>();
    for (var domain : desired.domains()) {
      files.add(
          page(
              "mta-sts.txt",
              domain.name().child("mta-sts") + "/.well-known/mta-sts.txt",
              Map.of(
                  "mode", domain.mtaStsMode(),
                  "fqdn", fqdn,
                  "max_age_seconds", maxAgeSeconds(domain))));
      files.add(
          page(
              "config-v1.1.xml",
              domain.name().child("autoconfig") + "/mail/config-v1.1.xml",
              Map.of(
                  "domain", domain.name().value(),
                  "fqdn", fqdn,
                  "imaps", Integer.toString(MailAccess.IMAPS.port()),
                  "submissions", Integer.toString(MailAccess.SUBMISSIONS.port()),
                  "submission", Integer.toString(MailAccess.SUBMISSION.port()))));
    }
    files.add(plain("/etc/nginx/sites-enabled/penguin.conf", Map.of("names", names)));
    return step("270-web", Map.of("NAMES", names), files);
  }

  /// A week once it is enforced, a day while it is tested: a mistake is then forgotten sooner (RFC
  /// 8461, 3.2 recommends weeks or more in the end).
  private static String maxAgeSeconds(DesiredDomain domain) {
    return domain.mtaStsMode().equals("enforce") ? "604800" : "86400";
  }

  private static PlannedFile page(String template, String place, Map<String, Object> variables) {
    var folder = "/var/www/penguin/";
    return Files.template(
        "stacks/debian/files" + folder + template, folder + place, ROOT, "0644", variables);
  }

  private static PlannedStep step(
      String name, Map<String, String> inputs, List<PlannedFile> files) {
    return new PlannedStep("stacks/debian/steps/" + name + ".sh", inputs, files);
  }

  private static PlannedFile plain(String target, Map<String, Object> variables) {
    return stack(target, ROOT, "0644", variables);
  }

  private static PlannedFile stack(
      String target, String owner, String mode, Map<String, Object> variables) {
    return Files.ofStack(target, owner, mode, variables);
  }

  private static String lines(Stream<String> rows) {
    return rows.collect(joining("\n"));
  }

  /// Which addresses there are and where their mail goes.
  private static final class Addresses {
    /// RFC 2142 names postmaster and abuse; the others take reports and bounces.
    private static final List<String> ROLES =
        List.of("postmaster", "abuse", "fbl", "dmarc", "tlsrpt", "bounce");

    private final DesiredHost desired;
    private final String roles;

    Addresses(DesiredHost desired) {
      this.desired = desired;
      this.roles = "roles@" + desired.hostname();
    }

    Stream<DesiredMailbox> having(Life life) {
      return desired.mailboxes().stream().filter(mailbox -> mailbox.life() == life);
    }

    private Stream<String> logins() {
      return having(Life.OPEN).map(DesiredMailbox::address).map(Object::toString);
    }

    private Stream<String> suspended() {
      return having(Life.SUSPENDED).map(DesiredMailbox::address).map(Object::toString);
    }

    private static String returnPath(DesiredDomain domain) {
      return "b@" + domain.name().child("bounce");
    }

    Stream<String> mailboxesWithoutLogin() {
      return Stream.concat(Stream.of(roles), suspended())
          .distinct()
          .filter(address -> logins().noneMatch(address::equals));
    }

    /// The host's own name, so that its cron and postmaster are heard, and each domain with its
    /// return path.
    Stream<String> domains() {
      return Stream.concat(
              Stream.of(desired.hostname().value()),
              desired.domains().stream()
                  .flatMap(d -> Stream.of(d.name().value(), d.name().child("bounce").value())))
          .distinct()
          .map(name -> name + " mail");
    }

    Stream<String> mailboxes() {
      return Stream.concat(logins(), mailboxesWithoutLogin()).map(address -> address + " mailbox");
    }

    /// An address that is a mailbox of its own is no alias.
    Stream<String> aliases() {
      var ofDomains =
          desired.domains().stream()
              .flatMap(d ->
                  Stream.concat(
                      ROLES.stream().map(role -> role + "@" + d.name()),
                      Stream.of(returnPath(d), "postmaster@" + d.name().child("bounce"))));
      var ofHost =
          Stream.of("postmaster", "abuse", "root").map(role -> role + "@" + desired.hostname());
      var taken = Stream.concat(logins(), suspended()).toList();
      return Stream.concat(ofHost, ofDomains)
          .distinct()
          .filter(address -> !taken.contains(address))
          .map(address -> address + " " + roles);
    }

    /// Everybody as themselves; the return path of a domain by all its logins.
    Stream<String> senders() {
      Function<DesiredDomain, String> all =
          d ->
              having(Life.OPEN)
                  .filter(m -> m.address().domain().equals(d.name()))
                  .map(m -> m.address().toString())
                  .collect(joining(","));
      return Stream.concat(
          logins().map(login -> login + " " + login),
          desired.domains().stream()
              .filter(d -> !all.apply(d).isEmpty())
              .map(d -> returnPath(d) + " " + all.apply(d)));
    }
  }
}
