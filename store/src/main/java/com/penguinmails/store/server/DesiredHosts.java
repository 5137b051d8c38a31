package com.penguinmails.store.server;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.ServerId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Builds what a host should be from the rows. Call inside one [Tenancy#reading] transaction, so
/// that version and content belong together.
public final class DesiredHosts {
  /// A domain on its way to another server stays on the one where it was proved, until it is proved
  /// on the other: mail comes here as long as a record names this one.
  private static final String IS_HERE =
      """
      d.state <> 'WITHDRAWN' AND d.retire_wanted_at IS NULL AND d.first_owned_at IS NOT NULL
      AND (d.server_id = :server
        OR EXISTS (
            SELECT FROM setup moving
            WHERE moving.domain_id = d.id AND moving.moved_at IS NOT NULL
              AND moving.finished_at IS NULL)
          AND :server = (
            SELECT proved.server_id FROM setup proved
            WHERE proved.domain_id = d.id AND proved.state = 'DONE'
            ORDER BY proved.finished_at DESC, proved.id DESC LIMIT 1))
      """;

  private final Tenancy tenancy;
  private final ServerStore servers;

  public DesiredHosts(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.servers = new ServerStore(tenancy);
  }

  /// The desired state with its version. Mailboxes without a login yet, domains without a key,
  /// those that were never proved to be the tenant's and those that are to go are left out: the
  /// change that adds or takes them bumps the version.
  public DesiredHost desiredHost(ServerId id, HostSettings settings) {
    // The version is read first: content may be newer than its version, never older.
    var server = servers.get(id);
    return new DesiredHost(
        id,
        server.desiredVersion(),
        server.stack(),
        server.hostname(),
        server.address(),
        settings,
        domains(id),
        mailboxes(id),
        certificate(id));
  }

  private List<DesiredDomain> domains(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT d.id, d.name, d.mta_sts_mode FROM domain d
            WHERE %s
            ORDER BY d.created_at, d.id
            """
                .formatted(IS_HERE))
        .param("server", server.value())
        .query((row, number) ->
            new DesiredDomain(
                new DomainName(row.getString("name")),
                dkimKeys(Columns.uuid(row, "id")),
                row.getString("mta_sts_mode")))
        .list()
        .stream()
        .filter(domain -> !domain.dkimKeys().isEmpty())
        .toList();
  }

  /// The last one signs. Before the first switch that is the only one there is.
  private List<DkimKey> dkimKeys(UUID domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT selector, secret_ref FROM dkim_key
            WHERE domain_id = :domain AND state <> 'RETIRED'
            ORDER BY state = 'SIGNING', created_at DESC, selector DESC
            """)
        .param("domain", domain)
        .query((row, number) ->
            new DkimKey(row.getString("selector"), Columns.secretRef(row, "secret_ref")))
        .list();
  }

  private List<DesiredMailbox> mailboxes(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT m.local_part, d.name, m.login_ref,
              CASE m.state WHEN 'REMOVING' THEN 'SUSPENDED' WHEN 'LEAVING' THEN 'GONE'
                ELSE 'OPEN' END AS life
            FROM mailbox m JOIN domain d ON d.id = m.domain_id
            WHERE %s AND m.state <> 'RETIRED' AND m.login_ref IS NOT NULL
            ORDER BY d.name, m.local_part
            """
                .formatted(IS_HERE))
        .param("server", server.value())
        .query((row, number) ->
            new DesiredMailbox(
                new EmailAddress(
                    row.getString("local_part"), new DomainName(row.getString("name"))),
                Columns.secretRef(row, "login_ref"),
                Columns.choice(row, "life", DesiredMailbox.Life.class)))
        .list();
  }

  private Optional<DesiredCertificate> certificate(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT id, names, secret_ref FROM certificate
            WHERE server_id = :server AND state <> 'RETIRED' AND secret_ref IS NOT NULL
            """)
        .param("server", server.value())
        .query((row, number) ->
            new DesiredCertificate(
                new CertificateId(Columns.uuid(row, "id")),
                Arrays.stream((String[]) row.getArray("names").getArray())
                    .map(DomainName::new)
                    .toList(),
                Columns.secretRef(row, "secret_ref")))
        .optional();
  }
}
