package com.penguinmails.ports.stack.debian;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.stack.Hosts;
import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.ports.stack.StackDriver.Line;
import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.ports.stack.StackDriver.Source;
import com.penguinmails.ports.stack.StackDriverContract;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import org.junit.jupiter.api.Test;

class DebianStackDriverTest implements StackDriverContract {
  private final DebianStackDriver driver = new DebianStackDriver();

  @Override
  public StackDriver driver() {
    return driver;
  }

  @Test
  void isTheDebianStack() {
    assertThat(driver.stack()).isEqualTo(Stack.DEBIAN);
    assertThat(driver.capabilities()).isEqualTo(new StackDriver.Capabilities(1, true, true));
  }

  @Test
  void installsAllPackagesInTheFirstPart() {
    var packages = step(Hosts.withoutCertificate(), "020-packages").inputs();

    assertThat(packages.get("PACKAGES"))
        .contains("postfix", "dovecot-imapd", "opendkim", "unbound");
    assertThat(packages.get("HELD_UNITS")).contains("postfix.service", "dovecot.service");
    assertThat(packages.get("REMOVABLE")).isEmpty();
  }

  @Test
  void signsWithTheLastKeyAndKeepsTheOthersLoaded() {
    var host = Hosts.withKeys("pm202611", "pm202612");

    assertThat(variable(host, "/etc/opendkim/SigningTable", "signers"))
        .isEqualTo("*@acme.example pm202612.acme.example");
    assertThat(variable(host, "/etc/opendkim/KeyTable", "keys").lines())
        .containsExactly(
            "pm202611.acme.example"
                + " acme.example:pm202611:/etc/opendkim/keys/acme.example/pm202611.private",
            "pm202612.acme.example"
                + " acme.example:pm202612:/etc/opendkim/keys/acme.example/pm202612.private");
  }

  @Test
  void startsNoPostfixWhileADomainHasNoKey() {
    assertThat(driver.plan(Hosts.withKeys()))
        .extracting(PlannedStep::name)
        .doesNotContain("210-opendkim", "260-postfix");
  }

  @Test
  void sendsRolesAndReturnPathsIntoOneMailbox() {
    assertThat(variable(Hosts.complete(), "/etc/postfix/penguin/valias", "aliases").lines())
        .contains(
            "postmaster@acme.example roles@mail.acme.example",
            "abuse@acme.example roles@mail.acme.example",
            "tlsrpt@acme.example roles@mail.acme.example",
            "b@bounce.acme.example roles@mail.acme.example",
            "root@mail.acme.example roles@mail.acme.example");
  }

  @Test
  void leavesARoleThatIsAMailboxOfItsOwn() {
    var host = Hosts.withMailboxes("abuse");

    assertThat(variable(host, "/etc/postfix/penguin/valias", "aliases").lines())
        .doesNotContain("abuse@acme.example roles@mail.acme.example");
    assertThat(variable(host, "/etc/postfix/penguin/vmailbox", "mailboxes").lines())
        .contains("abuse@acme.example mailbox");
  }

  @Test
  void aSuspendedMailboxTakesMailAndNoLogin() {
    var host = Hosts.withMailboxesOfEveryLife();
    var logins =
        step(host, "230-mailboxes").files().stream()
            .map(PlannedFile::source)
            .filter(Source.SecretLines.class::isInstance)
            .flatMap(source -> ((Source.SecretLines) source).lines().stream());

    assertThat(logins).extracting(Line::prefix).containsExactly("jane@acme.example:");
    assertThat(variable(host, "/etc/dovecot/penguin/roles", "lines").lines())
        .containsExactly("roles@mail.acme.example:::::::", "sue@acme.example:::::::");
    assertThat(variable(host, "/etc/postfix/penguin/vmailbox", "mailboxes").lines())
        .containsExactly(
            "jane@acme.example mailbox",
            "roles@mail.acme.example mailbox",
            "sue@acme.example mailbox");
    assertThat(variable(host, "/etc/postfix/penguin/senders", "senders"))
        .doesNotContain("sue@", "gus@");
    assertThat(variable(host, "/etc/dovecot/penguin/removed", "addresses"))
        .isEqualTo("gus@acme.example");
  }

  @Test
  void letsEverybodySendAsThemselvesAndByTheReturnPath() {
    var host = Hosts.withMailboxes("jane", "joe");

    assertThat(variable(host, "/etc/postfix/penguin/senders", "senders").lines())
        .containsExactly(
            "jane@acme.example jane@acme.example",
            "joe@acme.example joe@acme.example",
            "b@bounce.acme.example jane@acme.example,joe@acme.example");
  }

  @Test
  void asksTheRootServersInProduction() {
    assertThat(variable(Hosts.complete(), UNBOUND, "exceptions"))
        .isEqualTo("    # It asks the root servers itself.");
  }

  @Test
  void forwardsOnATestHost() {
    var settings =
        new HostSettings(
            List.of(new IpAddress("192.0.2.5"), new IpAddress("192.0.2.6")),
            List.of(new RecordName("test")),
            List.of(),
            List.of());

    assertThat(variable(Hosts.withSettings(settings), UNBOUND, "exceptions").lines())
        .contains(
            "    domain-insecure: \"test.\"",
            "    local-zone: \"test.\" nodefault",
            "    name: \".\"",
            "    forward-addr: 192.0.2.5",
            "    forward-addr: 192.0.2.6");
  }

  @Test
  void letsTrustedNetworksReachSshAtAnyRate() {
    var settings =
        new HostSettings(List.of(), List.of(), List.of("192.0.2.0/24", "2001:db8::/32"), List.of());

    assertThat(
            variable(Hosts.withSettings(settings), "/etc/penguin/firewall.nft", "trusted_rules")
                .lines())
        .containsExactly(
            "    ip saddr 192.0.2.0/24 tcp dport $ssh_ports accept",
            "    ip6 saddr 2001:db8::/32 tcp dport $ssh_ports accept");
  }

  @Test
  void putsTheKeyBeforeTheChain() {
    assertThat(step(Hosts.complete(), "240-tls").files())
        .extracting(PlannedFile::target)
        .containsExactly("/etc/ssl/penguin/mail.key", "/etc/ssl/penguin/mail.fullchain.pem");
  }

  private static final String UNBOUND = "/etc/unbound/unbound.conf.d/penguin.conf";

  private PlannedStep step(DesiredHost host, String name) {
    return driver.plan(host).stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private String variable(DesiredHost host, String target, String name) {
    return driver.plan(host).stream()
        .flatMap(step -> step.files().stream())
        .filter(file -> file.target().equals(target))
        .map(file -> ((Source.Template) file.source()).variables().get(name))
        .map(Object::toString)
        .findFirst()
        .orElseThrow();
  }
}
