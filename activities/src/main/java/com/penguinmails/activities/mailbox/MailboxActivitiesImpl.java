package com.penguinmails.activities.mailbox;

import com.penguinmails.activities.secret.NewSecrets;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.workflows.mailbox.MailboxActivities;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.SecretRef;
import java.util.LinkedHashMap;

/// See [MailboxActivities].
public final class MailboxActivitiesImpl implements MailboxActivities {
  private final Stores stores;
  private final MailboxLogins logins;

  public MailboxActivitiesImpl(Stores stores, SecretStore secrets, NewSecrets made) {
    this.stores = stores;
    this.logins = new MailboxLogins(secrets, made);
  }

  @Override
  public LoginsMade makeLogins(MakeLogins order) {
    var tenant = order.tenant();
    var wanted =
        stores
            .tenancy()
            .reading(tenant, () -> stores.mailboxes().withoutLogin(order.server(), order.atMost()));
    var made = new LinkedHashMap<MailboxId, SecretRef>();
    wanted.forEach(mailbox -> made.put(mailbox, logins.make(tenant, mailbox)));
    if (!made.isEmpty()) {
      stores
          .tenancy()
          .run(
              tenant,
              () -> {
                long version = stores.servers().bumpDesiredVersion(order.server());
                made.forEach(
                    (mailbox, login) -> stores.mailboxes().recordLogin(mailbox, login, version));
              });
    }
    return new LoginsMade(made.size());
  }

  @Override
  public GraceEnded endGrace(EndGrace order) {
    return new GraceEnded(
        stores
            .tenancy()
            .as(
                order.tenant(),
                () -> {
                  var due = stores.mailboxes().nextRemoval(order.server());
                  if (due.filter(at -> !at.isAfter(order.now())).isEmpty()) {
                    return 0; // an earlier attempt did it, or it was taken back
                  }
                  long version = stores.servers().bumpDesiredVersion(order.server());
                  return stores.mailboxes().endGrace(order.server(), order.now(), version);
                }));
  }
}
