package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// Somebody else's mail server answers on port 25 of the tenant's host: we stop, and touch nothing
/// before the tenant has taken it away.
@BadDay
class ForeignMailServiceIT {
  @Test
  void stopsUntilTheTenantHasTakenItAway(Running product) {
    var prepared = product.prepare("foreign-mail.test");
    var host = product.host(prepared);
    host.run("systemd-run --unit=their-mail perl -MIO::Socket::INET -e '%s'".formatted(LISTENER));
    var setup = product.order(prepared);

    setup.untilItTells(Cause.HOST_FOREIGN_MAIL_SERVICE, "port 25", "perl");
    host.assertUntouched();

    host.run("systemctl stop their-mail");
    setup.retry();
    setup.untilProved();
  }

  private static final String LISTENER =
      """
      my $socket = IO::Socket::INET->new(LocalPort => 25, Listen => 5, ReuseAddr => 1) or die;
      while (my $client = $socket->accept) { print $client "220 theirs ESMTP\\r\\n"; close $client }
      """;
}
