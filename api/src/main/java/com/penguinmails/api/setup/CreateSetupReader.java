package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.InstallationSettings;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ServerId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Reads the body of a request for a set-up. All that is wrong with it comes back at once, in the
/// tenant's words; values are never repeated, because some are secret.
@Component
class CreateSetupReader {
  private static final String OWN = "existing";

  private final boolean isTest;
  private final Set<String> providers;

  @Autowired
  CreateSetupReader(InstallationSettings installation, ApiSettings settings) {
    this(installation.isTest(), settings.providers());
    if (!providers.isEmpty() && installation.id().isEmpty()) {
      throw new IllegalStateException(
          "penguin.installation.id is needed where servers are bought (penguin.api.providers): six"
              + " lower-case letters and digits, chosen once");
    }
  }

  CreateSetupReader(boolean isTest, Set<String> providers) {
    this.isTest = isTest;
    this.providers = providers;
  }

  /// @throws ProblemException with every field at fault
  CreateSetup read(byte[] body) {
    var faults = new ArrayList<Fault>();
    var request = JsonBody.read(body, faults);

    var workspace = request.text("workspace", 200);
    var domain = domain(request);
    var server =
        server(
            request.object(
                "server",
                "is missing: where is the server, and how do we log in for the first time?"));
    var dnsFields =
        request.object(
            "dns",
            "is missing: where are the domain's DNS records kept, and with which key or token may"
                + " we change them?");
    var zone = zone(dnsFields, domain);
    var dns = ZoneFields.read(dnsFields, isTest);
    var mailboxFields = request.object("mailbox", "is missing: which mailbox shall we create?");
    var mailbox = mailbox(mailboxFields, domain);
    boolean allowMxReplace = request.flag("allowMxReplace");
    mailboxFields.refuseUnknown();
    request.refuseUnknown();

    if (!faults.isEmpty()) {
      throw ProblemException.invalid(faults);
    }
    return new CreateSetup(
        workspace.map(String::strip),
        domain.orElseThrow(),
        zone.or(() -> domain).orElseThrow(),
        server.orElseThrow(),
        dns.orElseThrow(),
        mailbox.orElseThrow(),
        allowMxReplace);
  }

  private Optional<DomainName> domain(Fields request) {
    var typed =
        request.required("domain", 255, "is missing: which domain do you want to send from?");
    var domain = typed.flatMap(DomainChoice::read);
    if (typed.isPresent() && domain.isEmpty()) {
      request.fault("domain", DomainChoice.explain(typed.get()));
    }
    return domain.filter(
        name -> AccessFields.isFine(request, "domain", DomainChoice.objection(name, isTest)));
  }

  private Optional<? extends CreateSetup.ServerWish> server(Fields server) {
    if (server.has("id")) {
      return known(server);
    }
    var provider = server.text("provider", 32).orElse(OWN);
    if (provider.equals(OWN)) {
      return own(server);
    }
    if (!providers.contains(provider)) {
      var known = new TreeSet<>(providers);
      known.add(OWN);
      server.fault("provider", "is unknown; known are " + String.join(", ", known));
      return Optional.empty();
    }
    return offer(provider, server);
  }

  private static Optional<CreateSetup.KnownServer> known(Fields server) {
    var id = server.text("id", 36);
    server.refuseUnknown();
    try {
      return id.map(ServerId::of).map(CreateSetup.KnownServer::new);
    } catch (IllegalArgumentException e) {
      server.fault("id", "is no server's id; take server of a set-up that is DONE");
      return Optional.empty();
    }
  }

  private static Optional<CreateSetup.ServerOffer> offer(String provider, Fields server) {
    var plan = server.required("plan", 100, "is missing: which size, as the provider names it");
    var place = server.required("place", 100, "is missing: which place, as the provider names it");
    var budget = AccessFields.budget(server);
    server.refuseUnknown();
    return plan.flatMap(size ->
        place.flatMap(at ->
            budget.map(
                most -> new CreateSetup.ServerOffer(provider, size, at, most, Optional.empty()))));
  }

  private Optional<CreateSetup.ServerAccess> own(Fields server) {
    var typed = server.required("address", 64, "is missing: the server's IP address");
    Optional<IpAddress> address = typed.flatMap(ServerAddress::read);
    if (typed.isPresent() && address.isEmpty()) {
      server.fault("address", "is not an IP address; give one such as 185.10.20.30, not a name");
    }
    address =
        address.filter(
            ip -> AccessFields.isFine(server, "address", ServerAddress.objection(ip, isTest)));
    int port = server.port("port", 22);
    var user = AccessFields.user(server).orElse("root");
    var login = AccessFields.login(server);
    server.refuseUnknown();
    return address.flatMap(
        ip -> login.map(fields -> new CreateSetup.ServerAccess(ip, port, user, fields)));
  }

  private Optional<DomainName> zone(Fields dns, Optional<DomainName> domain) {
    var typed = dns.text("zone", 255);
    var zone = typed.flatMap(DomainChoice::read);
    if (typed.isPresent()
        && (zone.isEmpty() || (domain.isPresent() && !domain.get().isWithin(zone.orElseThrow())))) {
      dns.fault("zone", "must be the domain itself or a domain above it");
      return Optional.empty();
    }
    return zone.filter(
        name -> AccessFields.isFine(dns, "zone", DomainChoice.objection(name, isTest)));
  }

  private static Optional<EmailAddress> mailbox(Fields mailbox, Optional<DomainName> domain) {
    // The domain's own fault is said elsewhere; the local part is judged all the same.
    return LocalPart.read(mailbox, "localPart")
        .map(part -> new EmailAddress(part, domain.orElseGet(() -> new DomainName("example.com"))));
  }
}
