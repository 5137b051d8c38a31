package com.penguinmails.api.setup;

import com.penguinmails.api.InstallationSettings;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the body of a request for a set-up. All that is wrong with it comes back at once, in the
/// tenant's words; values are never repeated, because some are secret.
@Component
class CreateSetupReader {
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int MIN_TSIG_BYTES = 16;
  private static final int MAX_TSIG_BYTES = 512;

  /// MD5 and SHA-1 are left out: RFC 8945, section 6, advises against them.
  private static final Set<String> ALGORITHMS =
      new TreeSet<>(Set.of("hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"));

  /// Made on every server anyway (RFC 2142), or a danger when a person holds them.
  private static final Set<String> ROLES =
      Set.of("abuse", "hostmaster", "mailer-daemon", "postmaster", "root", "webmaster");

  private final JsonMapper strict =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final boolean isTest;

  CreateSetupReader(InstallationSettings installation) {
    isTest = installation.isTest();
  }

  /// @throws ProblemException with every field at fault
  CreateSetup read(byte[] body) {
    var faults = new ArrayList<Fault>();
    var request = new Fields("", parse(body), faults);

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
            "is missing: where are the domain's DNS records kept, and with which key may we change them?");
    var zone = zone(dnsFields, domain);
    var dns = dns(dnsFields);
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

  private JsonNode parse(byte[] body) {
    JsonNode node;
    try {
      node = strict.readTree(body);
    } catch (JacksonException e) {
      // Only the place: the message may quote a part of the body, and so a secret.
      var place = e.getLocation();
      throw new ProblemException(
          ProblemType.INVALID_REQUEST,
          "The body is not valid JSON"
              + (place == null
                  ? "."
                  : ": line " + place.getLineNr() + ", column " + place.getColumnNr() + "."));
    }
    if (!node.isObject()) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST, "The body must be a JSON object in braces.");
    }
    return node;
  }

  private Optional<DomainName> domain(Fields request) {
    var typed =
        request.required("domain", 255, "is missing: which domain do you want to send from?");
    var domain = typed.flatMap(DomainChoice::read);
    if (typed.isPresent() && domain.isEmpty()) {
      request.fault("domain", DomainChoice.explain(typed.get()));
    }
    return domain.filter(name -> isFine(request, "domain", DomainChoice.objection(name, isTest)));
  }

  private Optional<CreateSetup.ServerAccess> server(Fields server) {
    var typed = server.required("address", 64, "is missing: the server's IP address");
    Optional<IpAddress> address = typed.flatMap(ServerAddress::read);
    if (typed.isPresent() && address.isEmpty()) {
      server.fault("address", "is not an IP address; give one such as 185.10.20.30, not a name");
    }
    address = address.filter(ip -> isFine(server, "address", ServerAddress.objection(ip, isTest)));
    int port = server.port("port", 22);
    var user = server.text("user", 32).orElse("root");
    if (!USER.matcher(user).matches()) {
      server.fault("user", "is not a Linux user name");
    }
    var login = login(server);
    server.refuseUnknown();
    return address.flatMap(
        ip -> login.map(fields -> new CreateSetup.ServerAccess(ip, port, user, fields)));
  }

  private static Optional<Map<String, String>> login(Fields server) {
    var password = server.text("password", 1_024);
    var key = server.text("privateKey", 16_384);
    if (server.has("password") && server.has("privateKey")) {
      server.fault("password", "and privateKey are both given; give one of them");
      return Optional.empty();
    }
    if (!server.has("password") && !server.has("privateKey")) {
      server.fault(
          "password", "is missing: give the password or the private key of the first login");
      return Optional.empty();
    }
    if (password.isPresent()) {
      return isFine(
              server,
              "password",
              CONTROL.matcher(password.get()).find()
                  ? Optional.of("contains a line break or another control character")
                  : Optional.empty())
          ? Optional.of(Map.of("password", password.get()))
          : Optional.empty();
    }
    if (key.isPresent()) {
      return isFine(server, "privateKey", PrivateKeyText.objection(key.get()))
          ? Optional.of(Map.of("key", key.get()))
          : Optional.empty();
    }
    server.fault(server.has("password") ? "password" : "privateKey", "is empty or too long");
    return Optional.empty();
  }

  private Optional<DomainName> zone(Fields dns, Optional<DomainName> domain) {
    var typed = dns.text("zone", 255);
    var zone = typed.flatMap(DomainChoice::read);
    if (typed.isPresent()
        && (zone.isEmpty() || (domain.isPresent() && !domain.get().isWithin(zone.orElseThrow())))) {
      dns.fault("zone", "must be the domain itself or a domain above it");
      return Optional.empty();
    }
    return zone.filter(name -> isFine(dns, "zone", DomainChoice.objection(name, isTest)));
  }

  private Optional<CreateSetup.ZoneAccess> dns(Fields dns) {
    dns.required("provider", 32, "is missing: known are rfc2136")
        .filter(provider -> !provider.equals("rfc2136"))
        .ifPresent(provider -> dns.fault("provider", "is unknown; known are rfc2136"));
    var server = dns.required("server", 253, "is missing: address or name of the primary server");
    if (server.isPresent() && !isServer(server.get())) {
      dns.fault("server", "is neither an IP address nor a host name");
    } else {
      server
          .flatMap(ServerAddress::read)
          .ifPresent(address -> isFine(dns, "server", ServerAddress.objection(address, isTest)));
    }
    int port = dns.port("port", 53);
    var keyName = keyName(dns);
    var algorithm = dns.text("algorithm", 32).orElse("hmac-sha256").toLowerCase(Locale.ROOT);
    if (!ALGORITHMS.contains(algorithm)) {
      dns.fault("algorithm", "is not one we use; known are " + String.join(", ", ALGORITHMS));
    }
    var secret =
        dns.required("secret", 1_024, "is missing: the key's secret in base64")
            .map(String::strip)
            .filter(text -> isFine(dns, "secret", tsigObjection(text)));
    dns.refuseUnknown();
    return server.flatMap(host ->
        keyName.flatMap(name ->
            secret.map(
                text -> new CreateSetup.ZoneAccess(host.strip(), port, name, algorithm, text))));
  }

  private static boolean isServer(String typed) {
    return ServerAddress.read(typed).isPresent() || DomainChoice.read(typed).isPresent();
  }

  private static Optional<RecordName> keyName(Fields dns) {
    var typed =
        dns.required("keyName", 253, "is missing: the key's name, as in the server's settings");
    try {
      return typed
          .map(String::strip)
          .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
          .map(RecordName::new);
    } catch (IllegalArgumentException e) {
      dns.fault("keyName", "is not a key name: letters, digits, hyphens and dots");
      return Optional.empty();
    }
  }

  private static Optional<String> tsigObjection(String base64) {
    try {
      int bytes = Base64.getDecoder().decode(base64).length;
      return bytes >= MIN_TSIG_BYTES && bytes <= MAX_TSIG_BYTES
          ? Optional.empty()
          : Optional.of(
              "has %d bytes; %d to %d are accepted, 32 are usual"
                  .formatted(bytes, MIN_TSIG_BYTES, MAX_TSIG_BYTES));
    } catch (IllegalArgumentException e) { // its message would quote the secret
      return Optional.of("is not base64; copy it as it stands in the DNS server's settings");
    }
  }

  private static Optional<EmailAddress> mailbox(Fields mailbox, Optional<DomainName> domain) {
    var localPart =
        mailbox
            .required("localPart", 64, "is missing: what stands before the @, such as anna")
            .map(text -> text.strip().toLowerCase(Locale.ROOT));
    if (localPart.isEmpty()) {
      return Optional.empty();
    }
    if (ROLES.contains(localPart.get())) {
      mailbox.fault(
          "localPart", "is an address every server has by itself; choose another, such as anna");
      return Optional.empty();
    }
    try {
      // The domain's own fault is said elsewhere; the local part is judged all the same.
      return Optional.of(
          new EmailAddress(localPart.get(), domain.orElseGet(() -> new DomainName("example.com"))));
    } catch (IllegalArgumentException e) {
      mailbox.fault(
          "localPart",
          localPart.get().contains("@")
              ? "is a whole address; give only what stands before the @"
              : "may have letters a to z, digits, and . _ + - between them");
      return Optional.empty();
    }
  }

  private static boolean isFine(Fields fields, String name, Optional<String> objection) {
    objection.ifPresent(detail -> fields.fault(name, detail));
    return objection.isEmpty();
  }
}
