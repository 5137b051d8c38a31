package com.penguinmails.ports.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.acme.CertificateAuthority.Challenge;
import com.penguinmails.ports.acme.CertificateAuthority.Issued;
import com.penguinmails.ports.acme.CertificateAuthority.Order;
import com.penguinmails.ports.acme.CertificateAuthority.Order.Status;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every certificate authority keeps. Names below `example.test` are free to use, and `show`
/// makes their TXT records visible to the CA.
public interface CertificateAuthorityContract {
  /// How long a validation or an issuance may take.
  Duration PATIENCE = Duration.ofSeconds(30);

  CertificateAuthority authority();

  /// Adds a TXT record beside those that are there.
  void show(Challenge challenge);

  @Test
  default void givesTheSameAccountForTheSameKey() {
    var key = CertificateKeys.generate();

    assertThat(authority().account(key)).isEqualTo(authority().account(key));
    assertThat(authority().account(key))
        .isNotEqualTo(authority().account(CertificateKeys.generate()));
  }

  @Test
  default void issuesForTheNamesOfAnOrder() throws Exception {
    var account = CertificateKeys.generate();
    var key = CertificateKeys.generate();
    var order = authority().order(account, names("mail", "mta-sts"));
    assertThat(order.status()).isEqualTo(Status.PENDING);
    assertThat(order.challenges())
        .extracting(challenge -> challenge.name().value())
        .containsExactlyInAnyOrder(
            "_acme-challenge.mail.example.test", "_acme-challenge.mta-sts.example.test");
    order.challenges().forEach(this::show);

    validate(account, order.url(), Status.READY);
    var issued = issue(account, order.url(), key);

    var leaf = CertificateKeys.chain(issued.chainPem()).getFirst();
    assertThat(leaf.getPublicKey()).isEqualTo(CertificateKeys.read(key).getPublic());
    assertThat(leaf.getSubjectAlternativeNames().stream().map(n -> String.valueOf(n.get(1))))
        .containsExactlyInAnyOrder("mail.example.test", "mta-sts.example.test");
    assertThat(CertificateKeys.chain(issued.chainPem())).hasSizeGreaterThan(1);
    assertThat(issued.notAfter()).isEqualTo(leaf.getNotAfter().toInstant());
    assertThat(authority().renewAfter(issued.chainPem()))
        .isEqualTo(authority().renewAfter(issued.chainPem()))
        .isBetween(issued.notBefore(), issued.notAfter());
  }

  @Test
  default void answersTheSameWhenAskedAgainAfterIssuing() {
    var account = CertificateKeys.generate();
    var key = CertificateKeys.generate();
    var order = authority().order(account, names("again"));
    order.challenges().forEach(this::show);
    validate(account, order.url(), Status.READY);
    var first = issue(account, order.url(), key);

    assertThat(authority().complete(account, order.url(), key)).contains(first);
    assertThat(authority().look(account, order.url(), true).status()).isEqualTo(Status.VALID);
    assertThatThrownBy(() -> authority().complete(account, order.url(), CertificateKeys.generate()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("another key");
  }

  @Test
  default void validatesTwoOrdersForOneName() {
    var accounts = List.of(CertificateKeys.generate(), CertificateKeys.generate());
    var orders =
        accounts.stream().map(account -> authority().order(account, names("shared"))).toList();
    assertThat(orders.stream().flatMap(order -> order.challenges().stream()).map(Challenge::name))
        .as("one owner name, two values")
        .hasSize(2)
        .containsOnly(orders.getFirst().challenges().getFirst().name());
    orders.forEach(order -> order.challenges().forEach(this::show));

    for (int i = 0; i < 2; i++) {
      validate(accounts.get(i), orders.get(i).url(), Status.READY);
    }
  }

  @Test
  default void waitsUntilItIsToldToValidate() {
    var account = CertificateKeys.generate();
    var order = authority().order(account, names("patient"));

    assertThat(authority().look(account, order.url(), false))
        .extracting(Order::status, Order::challenges)
        .containsExactly(Status.PENDING, order.challenges());
    assertThatThrownBy(() -> authority().complete(account, order.url(), CertificateKeys.generate()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("pending");
  }

  @Test
  default void saysWhyAnAuthorisationFailed() {
    var account = CertificateKeys.generate();
    var order = authority().order(account, names("wrong"));
    var wanted = order.challenges().getFirst();
    show(new Challenge(wanted.name(), "not-the-value"));

    var failed = validate(account, order.url(), Status.INVALID);

    assertThat(failed.problem())
        .hasValueSatisfying(why -> {
          assertThat(why).contains("wrong.example.test");
          assertThat(why).containsIgnoringCase("unauthorized");
        });
    assertThatThrownBy(() -> authority().complete(account, order.url(), CertificateKeys.generate()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("wrong.example.test");
  }

  @Test
  default void takesAnUnknownOrderForAnInvalidOne() {
    var account = CertificateKeys.generate();
    var order = authority().order(account, names("known")).url();
    var unknown = URI.create(order.toString().replaceAll("[^/]+$", "unknown"));

    assertThat(authority().look(account, unknown, true).status()).isEqualTo(Status.INVALID);
    assertThatThrownBy(() -> authority().complete(account, unknown, CertificateKeys.generate()))
        .isInstanceOf(Refused.class);
  }

  /// Lets the CA look and waits for the status.
  default Order validate(String account, URI order, Status wanted) {
    return await()
        .atMost(PATIENCE)
        .until(() -> authority().look(account, order, true), found -> found.status() == wanted);
  }

  /// Sends the request and waits for the certificate.
  default Issued issue(String account, URI order, String key) {
    return await()
        .atMost(PATIENCE)
        .until(() -> authority().complete(account, order, key), Optional::isPresent)
        .orElseThrow();
  }

  private static List<DomainName> names(String... labels) {
    return List.of(labels).stream().map(new DomainName("example.test")::child).toList();
  }
}
