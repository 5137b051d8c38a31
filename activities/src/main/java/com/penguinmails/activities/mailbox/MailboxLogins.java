package com.penguinmails.activities.mailbox;

import com.penguinmails.activities.secret.NewSecrets;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.Map;

/// Makes the first login of a mailbox: a random password with the hash that goes to the host.
public final class MailboxLogins {
  private final SecretStore secrets;
  private final NewSecrets made;

  public MailboxLogins(SecretStore secrets, NewSecrets made) {
    this.secrets = secrets;
    this.made = made;
  }

  /// Safe to repeat: the first one stays.
  public SecretRef make(TenantId tenant, MailboxId mailbox) {
    var password = made.password();
    return secrets.putIfAbsent(
        tenant,
        "mailbox/%s/login".formatted(mailbox),
        Map.of("password", password.password(), "hash", password.hash()));
  }
}
