package com.penguinmails.store.setup;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.setup.Plan.Line;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.store.setup.Plan.State;
import com.penguinmails.store.setup.Plan.Usual;
import com.penguinmails.store.setup.Plan.Wish;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.SetupId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/// Plans: all that a rehearsal writes. Call inside [Tenancy#as].
public final class PlanStore {
  private static final int AT_ONCE = 5; // rehearsals of one tenant: they ask other people's servers

  private static final String SELECT =
      """
      SELECT id, request_hash, request_ref, certificate_names, domain_name, zone_name,
        zone_provider, zone_settings, zone_secret_ref, mx_replace_allowed,
        ownership_token, mailbox, provider,
        host(address) AS address, ssh_port, first_user, first_login_ref, offer_plan, offer_place,
        budget_cents, price_cents, currency, price_read_at, state, setup_id, created_at
      FROM plan
      """;

  private static final RowMapper<Plan> PLAN =
      (row, number) ->
          new Plan(
              new PlanId(Columns.uuid(row, "id")),
              row.getString("request_hash"),
              wish(row),
              sum(row, "price_cents"),
              Columns.optionalInstant(row, "price_read_at"),
              Columns.choice(row, "state", State.class),
              Columns.optionalUuid(row, "setup_id").map(SetupId::new),
              Columns.instant(row, "created_at"));

  private final Tenancy tenancy;

  public PlanStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  private static Wish wish(ResultSet row) throws SQLException {
    return new Wish(
        Columns.optionalSecretRef(row, "request_ref"),
        Arrays.stream((String[]) row.getArray("certificate_names").getArray())
            .map(DomainName::new)
            .toList(),
        new DomainName(row.getString("domain_name")),
        new DomainName(row.getString("zone_name")),
        row.getString("zone_provider"),
        Columns.texts(row, "zone_settings"),
        Columns.optionalSecretRef(row, "zone_secret_ref"),
        row.getBoolean("mx_replace_allowed"),
        row.getString("ownership_token"),
        row.getString("mailbox"),
        source(row));
  }

  private static Source source(ResultSet row) throws SQLException {
    var address = Columns.optionalText(row, "address");
    return address.isPresent()
        ? new Source.Own(
            new IpAddress(address.get()),
            row.getInt("ssh_port"),
            row.getString("first_user"),
            Columns.optionalSecretRef(row, "first_login_ref"))
        : new Source.Bought(
            row.getString("provider"),
            row.getString("offer_plan"),
            row.getString("offer_place"),
            sum(row, "budget_cents").orElseThrow());
  }

  private static Optional<Money> sum(ResultSet row, String column) throws SQLException {
    long cents = row.getLong(column);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(new Money(cents, row.getString("currency")));
  }

  /// Writes a new plan, or answers the one the same request made before.
  public Requested request(NewPlan wanted) {
    var known = findByKey(wanted.key());
    if (known.isPresent()) {
      return known.get().requestHash().equals(wanted.requestHash())
          ? new Requested.Same(known.get())
          : new Requested.KeyConflict();
    }
    if (rehearsing() >= AT_ONCE) {
      return new Requested.TooMany(AT_ONCE);
    }
    insert(wanted);
    var row = findByKey(wanted.key()).orElseThrow();
    if (row.id().equals(wanted.id())) {
      return new Requested.Created(row);
    }
    return row.requestHash().equals(wanted.requestHash()) // somebody else was faster
        ? new Requested.Same(row)
        : new Requested.KeyConflict();
  }

  private int rehearsing() {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT count(*) FROM plan WHERE state = 'REHEARSING'
              AND created_at > now() - make_interval(secs => :seconds)
            """)
        .param("seconds", Plan.REHEARSAL_LIMIT.toSeconds())
        .query(Integer.class)
        .single();
  }

  private void insert(NewPlan wanted) {
    var wish = wanted.wish();
    var own =
        wish.server() instanceof Source.Own server
            ? Optional.of(server)
            : Optional.<Source.Own>empty();
    var bought =
        wish.server() instanceof Source.Bought offer
            ? Optional.of(offer)
            : Optional.<Source.Bought>empty();
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO plan (id, tenant_id, idempotency_key, request_hash, request_ref,
              certificate_names, domain_name, zone_name, zone_provider, zone_settings,
              zone_secret_ref, mx_replace_allowed, ownership_token, mailbox, provider, address,
              ssh_port, first_user, first_login_ref, offer_plan, offer_place, budget_cents, currency)
            VALUES (:id, :tenant, :key, :hash, :request, :names, :domain, :zone, :zoneProvider,
              CAST(:zoneSettings AS jsonb), :zoneSecret, :mxReplace, :token, :mailbox, :provider,
              CAST(:address AS inet), :port, :user, :login, :size, :place, :budget, :currency)
            ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
            """)
        .param("id", wanted.id().value())
        .param("tenant", tenancy.tenant().value())
        .param("key", wanted.key())
        .param("hash", wanted.requestHash())
        .param("request", wish.request().map(SecretRef::toString).orElse(null))
        .param("names", wish.names().stream().map(DomainName::value).toArray(String[]::new))
        .param("domain", wish.domain().value())
        .param("zone", wish.zone().value())
        .param("zoneProvider", wish.zoneProvider())
        .param("zoneSettings", Columns.json(wish.zoneSettings()))
        .param("zoneSecret", wish.zoneSecret().map(SecretRef::toString).orElse(null))
        .param("mxReplace", wish.isMxReplaceAllowed())
        .param("token", wish.ownershipToken())
        .param("mailbox", wish.mailbox())
        .param("provider", wish.server().provider())
        .param("address", own.map(server -> server.address().value()).orElse(null))
        .param("port", own.map(Source.Own::port).orElse(null))
        .param("user", own.map(Source.Own::user).orElse(null))
        .param("login", own.flatMap(Source.Own::login).map(SecretRef::toString).orElse(null))
        .param("size", bought.map(Source.Bought::size).orElse(null))
        .param("place", bought.map(Source.Bought::place).orElse(null))
        .param("budget", bought.map(offer -> offer.budget().cents()).orElse(null))
        .param("currency", bought.map(offer -> offer.budget().currency()).orElse(null))
        .update();
  }

  /// The plan an earlier request with this key made.
  public Optional<Plan> findByKey(String key) {
    return tenancy
        .jdbc()
        .sql(SELECT + "WHERE idempotency_key = :key")
        .param("key", key)
        .query(PLAN)
        .optional();
  }

  /// What the proof of ownership says in the newest plan for this name that can still be gone ahead
  /// from, so that a record entered for one plan counts for the next.
  public Optional<String> ownershipToken(DomainName domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT ownership_token FROM plan
            WHERE domain_name = :domain AND created_at > now() - make_interval(secs => :seconds)
            ORDER BY created_at DESC, id DESC LIMIT 1
            """)
        .param("domain", domain.value())
        .param("seconds", Plan.VALID.toSeconds())
        .query(String.class)
        .optional();
  }

  /// One plan; empty when the tenant has none of this id.
  public Optional<Plan> find(PlanId id) {
    return tenancy
        .jdbc()
        .sql(SELECT + "WHERE id = :id")
        .param("id", id.value())
        .query(PLAN)
        .optional();
  }

  /// One plan that must be there.
  ///
  /// @throws IllegalArgumentException the tenant has none of this id
  public Plan get(PlanId id) {
    return find(id).orElseThrow(() -> new IllegalArgumentException("no plan " + id + " here"));
  }

  /// Notes what the rehearsal came upon; the same line again is one, with the newest words. Lines
  /// of a rehearsal that has ended stay as they were.
  public void note(PlanId plan, Line line) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO plan_line (tenant_id, plan_id, kind, name, title, said, stops)
            SELECT tenant_id, id, :kind, :name, :title, :said, :stops FROM plan
            WHERE id = :plan AND state = 'REHEARSING'
            ON CONFLICT (plan_id, kind, name) DO UPDATE
              SET title = excluded.title, said = excluded.said, stops = excluded.stops
            """)
        .param("kind", line.kind().name())
        .param("name", line.name())
        .param("title", line.title())
        .param("said", line.said())
        .param("stops", line.stops())
        .param("plan", plan.value())
        .update();
  }

  /// Everything the rehearsal came upon so far, in that order.
  public List<Line> lines(PlanId plan) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT kind, name, title, said, stops FROM plan_line
            WHERE plan_id = :plan ORDER BY number
            """)
        .param("plan", plan.value())
        .query((row, number) ->
            new Line(
                Columns.choice(row, "kind", Line.Kind.class),
                row.getString("name"),
                row.getString("title"),
                row.getString("said"),
                row.getBoolean("stops")))
        .list();
  }

  /// What the seller's list says now. In another currency than the budget it is not comparable, and
  /// not written.
  public void recordPrice(PlanId plan, Money price) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE plan SET price_cents = :cents, price_read_at = now()
            WHERE id = :id AND currency = :currency AND state = 'REHEARSING'
            """)
        .param("cents", price.cents())
        .param("currency", price.currency())
        .param("id", plan.value())
        .update();
  }

  /// The rehearsal has come to its end, or can come no further. The first end counts.
  ///
  /// @param state `READY` or `STOPPED`
  public void finish(PlanId plan, State state) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE plan SET state = :state, finished_at = now()
            WHERE id = :id AND state = 'REHEARSING'
            """)
        .param("state", state.name())
        .param("id", plan.value())
        .update();
  }

  /// A set-up was made from it. Twice is once.
  ///
  /// @return false when another one was made from it before
  public boolean recordUsed(PlanId plan, SetupId setup) {
    return tenancy
            .jdbc()
            .sql(
                """
                UPDATE plan SET state = 'USED', setup_id = :setup
                WHERE id = :id AND (state = 'READY' OR setup_id = :setup)
                """)
            .param("setup", setup.value())
            .param("id", plan.value())
            .update()
        == 1;
  }

  /// Forgets where its secrets were; destroy them before. One that is not used has ended.
  public void forget(PlanId plan) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE plan SET request_ref = NULL, zone_secret_ref = NULL, first_login_ref = NULL,
              forgotten_at = coalesce(forgotten_at, now()),
              state = CASE state WHEN 'USED' THEN 'USED' ELSE 'ENDED' END
            WHERE id = :id
            """)
        .param("id", plan.value())
        .update();
  }

  /// How long finished set-ups with this seller and this kind of DNS took, of all tenants.
  public Usual usual(Wish wish) {
    return tenancy
        .jdbc()
        .sql("SELECT runs, seconds FROM usual_setup(:seller, :dns)")
        .param("seller", wish.server().provider())
        .param("dns", wish.zoneProvider())
        .query((row, number) ->
            new Usual(row.getLong("runs"), Duration.ofSeconds(row.getLong("seconds"))))
        .single();
  }

  /// A plan to be written.
  public record NewPlan(PlanId id, String key, String requestHash, Wish wish) {}

  /// What became of a request.
  public sealed interface Requested {
    /// It is new.
    record Created(Plan plan) implements Requested {}

    /// The same request came before.
    record Same(Plan plan) implements Requested {}

    /// The key was used for another request.
    record KeyConflict() implements Requested {}

    /// @param most rehearsals of one tenant at once
    record TooMany(int most) implements Requested {}
  }
}
