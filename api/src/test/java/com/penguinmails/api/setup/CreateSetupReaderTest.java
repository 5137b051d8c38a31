package com.penguinmails.api.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.setup.CreateSetup.ByHand;
import com.penguinmails.api.setup.CreateSetup.KnownServer;
import com.penguinmails.api.setup.CreateSetup.ServerAccess;
import com.penguinmails.api.setup.CreateSetup.ServerOffer;
import com.penguinmails.api.setup.CreateSetup.UpdateKey;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.ServerId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateSetupReaderTest {
  private static final String GOOD =
      """
      {"domain": "acme-outreach.com",
       "server": {"address": "8.8.4.4", "password": "pass word"},
       "dns": {"provider": "rfc2136", "server": "9.9.9.9", "keyName": "penguin-key.",
               "secret": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="},
       "mailbox": {"localPart": "Anna"}}
      """;
  private static final String TOKEN = "cfut_0123456789abcdefABCDEF_-0123456789ab";
  private final CreateSetupReader live = new CreateSetupReader(false, Set.of("hostwinds"));
  private final CreateSetupReader test = new CreateSetupReader(true, Set.of());

  @Test
  void readsAGoodRequestAndFillsInWhatIsUsual() {
    var request = read(live, GOOD);

    assertThat(request.domain().value()).isEqualTo("acme-outreach.com");
    assertThat(request.zone()).isEqualTo(request.domain());
    assertThat(request.server())
        .isEqualTo(
            new ServerAccess(
                new IpAddress("8.8.4.4"), 22, "root", Map.of("password", "pass word")));
    assertThat(request.dns())
        .isEqualTo(
            new UpdateKey(
                "9.9.9.9",
                53,
                new RecordName("penguin-key"),
                "hmac-sha256",
                "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="));
    assertThat(request.mailbox()).hasToString("anna@acme-outreach.com");
    assertThat(request.allowMxReplace()).isFalse();
    assertThat(request.toString()).doesNotContain("pass word").doesNotContain("MDEy");
  }

  @Test
  void readsAServerThatHasOtherDomainsAlready() {
    var id = "01930000-0000-7000-8000-000000000001";
    var own = "{\"address\": \"8.8.4.4\", \"password\": \"pass word\"}";
    var known = GOOD.replace(own, "{\"id\": \"" + id + "\"}");

    assertThat(read(live, known).server()).isEqualTo(new KnownServer(ServerId.of(id)));
    assertFault(live, known.replace(id, "mine"), "server.id", "no server's id");
    assertFault(
        live, known.replace("\"id\"", "\"password\": \"x\", \"id\""), "server.password", "unknown");
  }

  @Test
  void readsAZoneAtCloudflare() {
    var request = read(live, cloudflare(TOKEN + " "));

    assertThat(request.dns().provider()).isEqualTo("cloudflare");
    assertThat(request.dns().settings()).isEmpty();
    assertThat(request.dns().secrets()).isEqualTo(Map.of("token", TOKEN));
    assertThat(request.toString()).doesNotContain(TOKEN);
  }

  @Test
  void readsAZoneThatIsKeptByHand() {
    var request =
        read(
            live,
            cloudflare(TOKEN)
                .replace("cloudflare", "manual")
                .replace(", \"token\": \"" + TOKEN + "\"", ""));

    assertThat(request.dns()).isEqualTo(new ByHand());
    assertThat(request.dns().secrets()).isEmpty();
    assertFault(live, cloudflare(TOKEN).replace("cloudflare", "manual"), "dns.token", "unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Bearer 0123456789012345678901234567890123456789 | without Bearer
          short | not an API token
          0123456789abcdef0123456789abcdef01234 | Global API Key
          """)
  void refusesWhatIsNoToken(String token, String words) {
    assertFault(live, cloudflare(token), "dns.token", words);
  }

  @Test
  void namesTheDnsHostsItKnows() {
    assertFault(
        live, GOOD.replace("rfc2136", "route53"), "dns.provider", "known are cloudflare, manual");
    assertFault(
        live, cloudflare(TOKEN).replace("token", "keyName"), "dns.keyName", "is unknown here");
  }

  private static String cloudflare(String token) {
    return GOOD.replaceFirst(
        "(?s)\"dns\": \\{.*?\\}",
        "\"dns\": {\"provider\": \"cloudflare\", \"token\": \"%s\"}".formatted(token));
  }

  @Test
  void readsAServerThatIsToBeBought() {
    var request = read(live, buying("12.5"));

    assertThat(request.server())
        .isEqualTo(
            new ServerOffer("hostwinds", "101", "1", new Money(1_250, "USD"), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"0", "0.00", "-1", "1.005", "free", "12345678", "1e3"})
  void refusesABudgetThatIsNone(String budget) {
    assertFault(live, buying(budget), "server.monthlyBudget", "not a sum in US dollars");
  }

  @Test
  void namesTheProvidersItKnows() {
    assertFault(test, buying("12.50"), "server.provider", "known are existing");
    assertFault(
        live, buying("12.50").replace("hostwinds", "x"), "server.provider", "existing, hostwinds");
  }

  private static String buying(String budget) {
    return GOOD.replace(
        "\"address\": \"8.8.4.4\", \"password\": \"pass word\"",
        "\"provider\": \"hostwinds\", \"plan\": \"101\", \"place\": \"1\", \"monthlyBudget\": \"%s\""
            .formatted(budget));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          acme             | single word
          com              | single word
          co.uk            | ending under which everybody
          github.io        | ending under which everybody
          anna@acme.com    | mail address
          https://acme.com | web address
          acme..com        | not a domain name
          -acme.com        | not a domain name
          ac_me.com        | not a domain name
          192.0.2.1        | IP address
          straße.de        | xn--
          βόλος.com        | xn--
          acme.test        | does not exist on the Internet
          """)
  void refusesWhatIsNoDomainToSendFrom(String typed, String words) {
    assertFault(live, GOOD.replace("acme-outreach.com", typed), "domain", words);
  }

  @Test
  void understandsADomainTypedInUnicode() {
    var request = read(live, GOOD.replace("acme-outreach.com", "Bücher.example.COM."));

    assertThat(request.domain().value()).isEqualTo("xn--bcher-kva.example.com");
    assertThat(request.domain().unicode()).isEqualTo("bücher.example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1",
    "127.0.0.1",
    "192.168.1.1",
    "172.31.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.10",
    "198.51.100.1",
    "203.0.113.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "2001:db8::1",
    "::ffff:127.0.0.1"
  })
  void refusesAddressesThatAreNotPublicUnlessItIsATest(String address) {
    var body = GOOD.replace("8.8.4.4", address);

    assertFault(live, body, "server.address", "private, local or documentation");
    assertThat(read(test, body).server()).isInstanceOf(ServerAccess.class);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"})
  void refusesAddressesNoServerHasEvenInATest(String address) {
    assertFault(test, GOOD.replace("8.8.4.4", address), "server.address", "cannot be the address");
  }

  @ParameterizedTest
  @CsvSource({"mail.acme.com", "8.8.4", "134743044", "8.8.4.4/24", "fe80::1%eth0", "256.1.1.1"})
  void refusesWhatIsNoAddress(String typed) {
    assertFault(live, GOOD.replace("8.8.4.4", typed), "server.address", "not an IP address");
  }

  @Test
  void namesEveryFieldAtFaultAtOnceAndNeverAValue() {
    var problem =
        problem(
            live,
            """
            {"domian": "x", "server": {"address": 7, "port": 70000, "password": "CANARY\\n", "user": "Root"},
             "dns": {"provider": "rfc2136", "secret": "CANARY!", "algorithm": "hmac-md5"},
             "mailbox": {"localPart": "postmaster"}, "allowMxReplace": "yes"}
            """);

    assertThat(problem.faults())
        .extracting(Fault::field)
        .containsExactlyInAnyOrder(
            "domain",
            "domian",
            "server.address",
            "server.port",
            "server.user",
            "server.password",
            "dns.server",
            "dns.keyName",
            "dns.secret",
            "dns.algorithm",
            "mailbox.localPart",
            "allowMxReplace");
    assertThat(problem.faults().toString()).doesNotContain("CANARY");
  }

  @Test
  void wantsExactlyOneLogin() {
    assertFault(
        live,
        GOOD.replace("\"password\": \"pass word\"", "\"user\": \"root\""),
        "server.password",
        "is missing");
    assertFault(
        live,
        GOOD.replace("\"password\"", "\"privateKey\": \"x\", \"password\""),
        "server.password",
        "both given");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ssh-ed25519 AAAA root@x | public half
          hello | not a private key
          -----BEGIN ENCRYPTED PRIVATE KEY-----\\nAAAA\\n-----END ENCRYPTED PRIVATE KEY----- | passphrase
          """)
  void refusesKeysThatCannotBeUsed(String key, String words) {
    assertFault(
        live,
        GOOD.replace("\"password\": \"pass word\"", "\"privateKey\": \"" + key + "\""),
        "server.privateKey",
        words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"domain": "CANARY | not valid JSON
          {"a": 1, "a": 2} | not valid JSON
          {} {} | not valid JSON
          [] | must be a JSON object
          """)
  void refusesWhatIsNoObjectWithoutQuotingIt(String body, String words) {
    assertThat(problem(live, body)).hasMessageContaining(words).hasMessageNotContaining("CANARY");
  }

  private static CreateSetup read(CreateSetupReader reader, String body) {
    return reader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static ProblemException problem(CreateSetupReader reader, String body) {
    return catchThrowableOfType(ProblemException.class, () -> read(reader, body));
  }

  private static void assertFault(
      CreateSetupReader reader, String body, String field, String words) {
    assertThat(problem(reader, body).faults())
        .anySatisfy(fault -> {
          assertThat(fault.field()).isEqualTo(field);
          assertThat(fault.detail()).contains(words);
        });
  }
}
