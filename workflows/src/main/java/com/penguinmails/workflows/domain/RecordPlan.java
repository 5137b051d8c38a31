package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.domain.DomainActivities.Finding;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.MailAccess;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The records a sending domain should have, and how to get there from what its zone holds now.
/// Pure. Foreign values survive; a foreign MX is replaced only with a yes; planning again after the
/// changes gives no changes.
///
/// @param wanted every record that must be seen afterwards, ours or there already
/// @param changes record sets to change, in the order of their names' importance
/// @param findings what stands against the plan and only the tenant may decide
/// @param skipped what a mail domain can do without and is left out because the tenant has
///   something else at that name, in the tenant's words
public record RecordPlan(
    List<DnsRecord> wanted,
    List<RecordSetChange> changes,
    List<Finding> findings,
    List<String> skipped) {
  private static final int MAIL_TTL = 300; // a move to another server must not take an hour
  private static final int OTHER_TTL = 3_600;
  private static final String STS_VERSION = "v=STSv1"; // RFC 8461, 3.1
  private static final String DMARC_VERSION = "v=DMARC1"; // RFC 7489, 6.3
  private static final Pattern VALID_DMARC =
      Pattern.compile(
          "v\\s*=\\s*DMARC1\\s*;(.*;)?\\s*p\\s*=\\s*(?i:none|quarantine|reject)\\s*(;.*)?");
  private static final String TLS_REPORT_VERSION = "v=TLSRPTv1"; // RFC 8460, 3
  private static final Pattern VALID_TLS_REPORT =
      Pattern.compile("v=TLSRPTv1\\s*;(.*;)?\\s*rua\\s*=\\s*[a-z]+:.+");

  public RecordPlan {
    wanted = List.copyOf(wanted);
    changes = List.copyOf(changes);
    findings = List.copyOf(findings);
    skipped = List.copyOf(skipped);
  }

  /// What the domain is wanted for.
  ///
  /// @param mailHost the server's name: HELO, MX target
  /// @param keys DKIM keys to be published, the signing one last
  /// @param mtaStsId changes with each change of the policy (RFC 8461, 3.1)
  /// @param isMxReplaceAllowed the tenant's yes to replacing a foreign MX
  /// @param former servers the domain was on before: what names them is replaced
  public record Wish(
      DomainName domain,
      DomainName mailHost,
      IpAddress address,
      List<DkimPublicKey> keys,
      String mtaStsMode,
      String mtaStsId,
      boolean isMxReplaceAllowed,
      List<Former> former) {
    public Wish {
      keys = List.copyOf(keys);
      former = List.copyOf(former);
    }

    Wish replacingMx() {
      return new Wish(domain, mailHost, address, keys, mtaStsMode, mtaStsId, true, former);
    }
  }

  /// A server the domain was on.
  ///
  /// @param isNeeded other domains are on it: its own name stays
  /// @param isGivenUp it is not to send for the domain any more; other former ones may have mail
  ///   under way
  public record Former(
      DomainName hostname, IpAddress address, boolean isNeeded, boolean isGivenUp) {
    boolean isNamedBy(DnsRecord record) {
      return switch (record.type()) {
        case A, AAAA ->
            record.value().equals(address.value())
                && !(isNeeded && record.name().equals(RecordName.of(hostname)));
        case MX, CNAME, SRV ->
            record.value().replaceFirst(".* ", "").equalsIgnoreCase(hostname.value());
        default -> false;
      };
    }
  }

  /// @param base64 SubjectPublicKeyInfo, the `p=` tag
  public record DkimPublicKey(String selector, String base64) {}

  /// What the zone's primary holds at the names of [#questions].
  public record ZoneSnapshot(List<DnsRecord> records) {
    public ZoneSnapshot {
      records = List.copyOf(records);
    }

    List<DnsRecord> at(RecordName name, DnsRecord.Type type) {
      return records.stream()
          .filter(record -> record.name().equals(name) && record.type() == type)
          .toList();
    }
  }

  /// Single records to add to and to remove from one RRset.
  public record RecordSetChange(
      RecordName name, DnsRecord.Type type, List<DnsRecord> add, List<DnsRecord> remove) {
    public RecordSetChange {
      add = List.copyOf(add);
      remove = List.copyOf(remove);
    }
  }

  /// Every RRset the plan depends on: what it writes, and the CNAMEs that would stand in the way.
  public static List<RecordQuestion> questions(Wish wish) {
    var questions = new LinkedHashSet<RecordQuestion>();
    for (var record : ideal(wish)) {
      questions.add(new RecordQuestion(record.name(), record.type()));
      questions.add(new RecordQuestion(record.name(), DnsRecord.Type.CNAME));
      if (record.type() == DnsRecord.Type.CNAME) {
        questions.add(new RecordQuestion(record.name(), DnsRecord.Type.A));
        questions.add(new RecordQuestion(record.name(), DnsRecord.Type.AAAA));
      }
    }
    return List.copyOf(questions);
  }

  /// Plans from what is there.
  ///
  /// @param included SPF records that those of the zone include, directly or not ([SpfIncludes])
  public static RecordPlan of(Wish wish, ZoneSnapshot now, Map<RecordName, String> included) {
    var planning = new Planning(wish, now, included);
    ideal(wish).forEach(planning::take);
    return new RecordPlan(planning.wanted, planning.changes, planning.findings, planning.skipped);
  }

  /// The plan for a person who enters it record by record. What stands against a record does not
  /// take it off the list, but is said beside it. Whoever replaces an MX record by hand says yes to
  /// it by doing so.
  public static List<ManualEntry> entries(
      Wish wish, ZoneSnapshot now, Map<RecordName, String> included) {
    var entries = new ArrayList<ManualEntry>();
    for (var ideal : ideal(wish)) {
      var planning = new Planning(wish.replacingMx(), now, included);
      planning.take(ideal);
      if (!planning.findings.isEmpty()) {
        entries.add(
            new ManualEntry(
                planning.completePolicy(ideal).orElse(ideal),
                Optional.of(planning.findings.getFirst().evidence())));
      } else if (!planning.wanted.isEmpty()) {
        entries.add(new ManualEntry(planning.wanted.getFirst(), planning.toDelete()));
      }
    }
    return List.copyOf(entries);
  }

  /// The records as they would be in an empty zone.
  private static List<DnsRecord> ideal(Wish wish) {
    var domain = wish.domain();
    var host = wish.mailHost().value();
    var spf = Spf.of(wish.address());
    var records = new ArrayList<DnsRecord>();
    if (wish.mailHost().isWithin(domain)) { // else the domain that the server came with has them
      var hostName = RecordName.of(wish.mailHost());
      records.add(mail(hostName, addressType(wish), wish.address().value()));
      records.add(
          mail(hostName, DnsRecord.Type.TXT, "v=spf1 a -all")); // bounces have no sender but HELO
    }
    records.add(mail(RecordName.of(domain), DnsRecord.Type.MX, "10 " + host));
    records.add(mail(RecordName.of(domain), DnsRecord.Type.TXT, spf));
    records.add(mail(RecordName.of("bounce", domain), DnsRecord.Type.MX, "10 " + host));
    records.add(mail(RecordName.of("bounce", domain), DnsRecord.Type.TXT, spf));
    for (var key : wish.keys()) {
      records.add(
          other(
              RecordName.of(key.selector() + "._domainkey", domain),
              DnsRecord.Type.TXT,
              "v=DKIM1; k=rsa; p=" + key.base64()));
    }
    records.add(
        other(
            RecordName.of("_dmarc", domain),
            DnsRecord.Type.TXT,
            DMARC_VERSION + "; p=none; rua=mailto:dmarc@" + domain));
    records.add(mail(RecordName.of("mta-sts", domain), addressType(wish), wish.address().value()));
    records.add(
        other(
            RecordName.of("_mta-sts", domain),
            DnsRecord.Type.TXT,
            STS_VERSION + "; id=" + wish.mtaStsId()));
    records.add(
        other(
            RecordName.of("_smtp._tls", domain),
            DnsRecord.Type.TXT,
            TLS_REPORT_VERSION + "; rua=mailto:tlsrpt@" + domain));
    records.add(other(RecordName.of("autoconfig", domain), DnsRecord.Type.CNAME, host));
    records.add(other(RecordName.of("autodiscover", domain), DnsRecord.Type.CNAME, host));
    for (var access : List.of(MailAccess.SUBMISSIONS, MailAccess.SUBMISSION, MailAccess.IMAPS)) {
      records.add(
          other(
              RecordName.of(access.service(), domain),
              DnsRecord.Type.SRV,
              "0 1 %d %s".formatted(access.port(), host)));
    }
    // Not offered, said so (RFC 6186, 3.4), so that mail programs do not guess.
    records.add(other(RecordName.of("_imap._tcp", domain), DnsRecord.Type.SRV, "0 0 0 ."));
    records.add(other(RecordName.of("_pop3s._tcp", domain), DnsRecord.Type.SRV, "0 0 0 ."));
    return records;
  }

  private static DnsRecord.Type addressType(Wish wish) {
    return wish.address().isV4() ? DnsRecord.Type.A : DnsRecord.Type.AAAA;
  }

  private static DnsRecord mail(RecordName name, DnsRecord.Type type, String value) {
    return new DnsRecord(name, type, value, MAIL_TTL);
  }

  private static DnsRecord other(RecordName name, DnsRecord.Type type, String value) {
    return new DnsRecord(name, type, value, OTHER_TTL);
  }

  /// One pass over the ideal records.
  private static final class Planning {
    private final Wish wish;
    private final ZoneSnapshot now;
    private final Map<RecordName, String> included;
    private final List<DnsRecord> wanted = new ArrayList<>();
    private final List<RecordSetChange> changes = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    Planning(Wish wish, ZoneSnapshot now, Map<RecordName, String> included) {
      this.wish = wish;
      this.now = now;
      this.included = included;
    }

    /// Of several SPF records there, the one that lets us send already: the merged one, entered
    /// beside the old one instead of in its place.
    Optional<DnsRecord> completePolicy(DnsRecord ideal) {
      boolean isMerged = ideal.value().equals(Spf.of(wish.address()));
      return textsOf(ideal.name(), Spf.VERSION).stream()
          .filter(_ -> isMerged)
          .filter(there -> Spf.merge(there.value(), wish.address()).equals(there.value()))
          .max(Comparator.comparingInt(there -> there.value().length()));
    }

    /// What would be taken out, said to a person.
    Optional<String> toDelete() {
      var removed = changes.stream().flatMap(change -> change.remove().stream()).toList();
      if (removed.isEmpty()) {
        return Optional.empty();
      }
      var warning =
          removed.getFirst().type() == DnsRecord.Type.MX
              ? " Mail goes there now: only if nobody needs that any more."
              : "";
      return Optional.of(
          "Replace what is there: %s.%s"
              .formatted(
                  String.join(" | ", removed.stream().map(DnsRecord::value).toList()), warning));
    }

    void take(DnsRecord ideal) {
      if (isBlockedByAlias(ideal)) {
        return;
      }
      switch (ideal.type()) {
        case MX -> exchange(ideal);
        case TXT -> text(ideal);
        case CNAME -> alias(ideal);
        case A, AAAA -> single(ideal);
        case SRV -> convenience(ideal);
        case CAA, NS, PTR, SOA, TLSA -> change(ideal, List.of());
      }
    }

    private boolean isBlockedByAlias(DnsRecord ideal) {
      var aliases = now.at(ideal.name(), DnsRecord.Type.CNAME);
      if (ideal.type() == DnsRecord.Type.CNAME || aliases.isEmpty()) {
        return false;
      }
      if (ideal.type() == DnsRecord.Type.SRV) {
        skip(ideal.name(), "is an alias (CNAME) for " + aliases.getFirst().value());
        return true;
      }
      conflict(
          "%s is an alias (CNAME) for %s, so it cannot have the %s record we need. Delete the alias."
              .formatted(ideal.name(), aliases.getFirst().value(), ideal.type()));
      return true;
    }

    private void exchange(DnsRecord ideal) {
      var there = now.at(ideal.name(), DnsRecord.Type.MX);
      var foreign =
          there.stream().filter(mx -> !mx.value().equalsIgnoreCase(ideal.value())).toList();
      if (!foreign.stream().allMatch(this::isOutdated) && !wish.isMxReplaceAllowed()) {
        findings.add(
            new Finding(
                Cause.DNS_FOREIGN_MX,
                "Mail for %s goes to %s now. Say yes to replacing it, or use a domain that receives no mail elsewhere."
                    .formatted(
                        ideal.name(), foreign.getFirst().value().replaceFirst("^\\d+ ", ""))));
        return;
      }
      // Names compare without case (RFC 4343): theirs may be ours, typed differently.
      change(there.stream().filter(mx -> !foreign.contains(mx)).findFirst().orElse(ideal), foreign);
    }

    private void text(DnsRecord ideal) {
      if (ideal.value().startsWith(Spf.VERSION)) {
        senderPolicy(ideal);
      } else if (ideal.value().startsWith(DMARC_VERSION)) {
        keepTheirs(ideal, DMARC_VERSION);
      } else if (ideal.value().startsWith(STS_VERSION)) {
        transportPolicy(ideal);
      } else if (ideal.value().startsWith(TLS_REPORT_VERSION)) {
        tlsReport(ideal);
      } else {
        key(ideal);
      }
    }

    /// Exactly one SPF record may exist (RFC 7208, 3.2): ours is merged into the tenant's.
    private void senderPolicy(DnsRecord ideal) {
      var theirs = textsOf(ideal.name(), Spf.VERSION);
      if (theirs.size() > 1) {
        findings.add(
            new Finding(
                Cause.DNS_RECORD_CONFLICT,
                "%s has %d SPF records; receivers reject that. Keep one of them."
                    .formatted(ideal.name(), theirs.size())));
        return;
      }
      // The HELO record has no address in it: merging would change our own at each planning.
      if (theirs.isEmpty() || theirs.getFirst().isSameAs(ideal)) {
        change(ideal, List.of());
        return;
      }
      var denying = Spf.denying(theirs.getFirst().value(), wish.address());
      if (denying.isPresent()) {
        conflict(
            "The SPF record of %s says \"%s\": mail of our server would not pass. Remove that term."
                .formatted(ideal.name(), denying.get()));
        return;
      }
      var merged = Spf.merge(withoutGivenUp(theirs.getFirst().value()), wish.address());
      if (Spf.lookups(merged, included) > Spf.MAX_LOOKUPS) {
        findings.add(
            new Finding(
                Cause.DNS_RECORD_CONFLICT,
                "The SPF record of %s needs more than %d look-ups, counting those of the records it includes; receivers stop there. Remove includes that are no longer used."
                    .formatted(ideal.name(), Spf.MAX_LOOKUPS)));
        return;
      }
      var wantedRecord =
          new DnsRecord(ideal.name(), DnsRecord.Type.TXT, merged, ideal.ttlSeconds());
      change(
          wantedRecord, theirs.stream().filter(record -> !record.isSameAs(wantedRecord)).toList());
    }

    private String withoutGivenUp(String policy) {
      var rest = policy;
      for (var former : wish.former()) {
        rest = former.isGivenUp() ? Spf.without(rest, former.address()) : rest;
      }
      return rest;
    }

    private void keepTheirs(DnsRecord ideal, String version) {
      var theirs = textsOf(ideal.name(), version);
      if (theirs.size() > 1) {
        findings.add(
            new Finding(
                Cause.DNS_RECORD_CONFLICT,
                "%s has %d records that begin with %s; only one may. Keep one of them."
                    .formatted(ideal.name(), theirs.size(), version)));
        return;
      }
      if (version.equals(DMARC_VERSION)
          && !theirs.isEmpty()
          && !VALID_DMARC.matcher(theirs.getFirst().value()).matches()) {
        findings.add(
            new Finding(
                Cause.DNS_RECORD_CONFLICT,
                "%s has \"%s\", which receivers cannot read: p=none, p=quarantine or p=reject is missing. Correct or delete it."
                    .formatted(ideal.name(), theirs.getFirst().value())));
        return;
      }
      change(theirs.isEmpty() ? ideal : theirs.getFirst(), List.of());
    }

    /// One without `rua` says to nobody where reports go (RFC 8460, 3): ours takes its place.
    private void tlsReport(DnsRecord ideal) {
      var theirs = textsOf(ideal.name(), TLS_REPORT_VERSION);
      if (theirs.size() == 1 && !VALID_TLS_REPORT.matcher(theirs.getFirst().value()).matches()) {
        change(ideal, theirs);
      } else {
        keepTheirs(ideal, TLS_REPORT_VERSION);
      }
    }

    /// Senders keep a policy for as long as its id is the same (RFC 8461, 3.1). An id beside the
    /// address of our server is ours, of an earlier set-up; any other belongs to a policy
    /// elsewhere.
    private void transportPolicy(DnsRecord ideal) {
      var theirs = textsOf(ideal.name(), STS_VERSION);
      var policyHost = RecordName.of("mta-sts", wish.domain());
      boolean isPolicyOurs =
          now.at(policyHost, addressType(wish)).stream()
              .anyMatch(record -> record.value().equals(wish.address().value()));
      if (theirs.isEmpty() || (theirs.size() == 1 && isPolicyOurs)) {
        change(theirs.isEmpty() ? ideal : theirs.getFirst(), List.of());
        return;
      }
      if (theirs.size() > 1 || !theirs.getFirst().isSameAs(ideal)) {
        conflict(
            "%s announces another MTA-STS policy (\"%s\"). Delete that record and the policy at %s if nothing uses them."
                .formatted(ideal.name(), theirs.getFirst().value(), policyHost));
        return;
      }
      change(ideal, List.of());
    }

    /// A selector has one key (RFC 6376, 3.6.2.2): with two, receivers may take either.
    private void key(DnsRecord ideal) {
      now.at(ideal.name(), DnsRecord.Type.TXT).stream()
          .filter(record -> !record.isSameAs(ideal))
          .findFirst()
          .ifPresentOrElse(
              other ->
                  conflict(
                      "%s has another text already, where our DKIM key belongs (it begins with \"%s\"). Delete it."
                          .formatted(ideal.name(), beginning(other.value()))),
              () -> change(ideal, List.of()));
    }

    private static String beginning(String text) {
      return text.substring(0, Math.min(text.length(), 40));
    }

    private List<DnsRecord> textsOf(RecordName name, String version) {
      return now.at(name, DnsRecord.Type.TXT).stream()
          .filter(record -> record.value().toLowerCase(Locale.ROOT).startsWith(lower(version)))
          .toList();
    }

    /// A name that has an address of its own cannot be an alias as well.
    private void alias(DnsRecord ideal) {
      var addresses = new ArrayList<DnsRecord>(now.at(ideal.name(), DnsRecord.Type.A));
      addresses.addAll(now.at(ideal.name(), DnsRecord.Type.AAAA));
      if (addresses.isEmpty()) {
        convenience(ideal);
      } else {
        skip(ideal.name(), "has an address of its own, " + addresses.getFirst().value());
      }
    }

    /// Helps mail programs to find their settings; mail flows without it.
    private void convenience(DnsRecord ideal) {
      var others = others(ideal);
      if (others.stream().allMatch(this::isOutdated)) {
        change(ideal, others);
      } else {
        skip(ideal.name(), "%s is %s".formatted(ideal.type(), others.getFirst().value()));
      }
    }

    private void skip(RecordName name, String what) {
      skipped.add(
          "%s %s and stays so; mail programs do not find their settings there"
              .formatted(name, what));
    }

    /// A set that may hold nothing else beside our value.
    private void single(DnsRecord ideal) {
      var others = others(ideal);
      if (!others.stream().allMatch(this::isOutdated)) {
        conflict(
            "%s %s is %s now and would have to be %s. Delete it if nothing uses it."
                .formatted(ideal.name(), ideal.type(), others.getFirst().value(), ideal.value()));
        return;
      }
      change(ideal, others);
    }

    private boolean isOutdated(DnsRecord record) {
      return wish.former().stream().anyMatch(former -> former.isNamedBy(record));
    }

    private List<DnsRecord> others(DnsRecord ideal) {
      return now.at(ideal.name(), ideal.type()).stream()
          .filter(record -> !record.isSameAs(ideal))
          .toList();
    }

    private void conflict(String evidence) {
      findings.add(new Finding(Cause.DNS_RECORD_CONFLICT, evidence));
    }

    private void change(DnsRecord record, List<DnsRecord> remove) {
      wanted.add(record);
      boolean isThere = now.at(record.name(), record.type()).stream().anyMatch(record::isSameAs);
      if (!isThere || !remove.isEmpty()) {
        changes.add(
            new RecordSetChange(
                record.name(), record.type(), isThere ? List.of() : List.of(record), remove));
      }
    }

    private static String lower(String text) {
      return text.toLowerCase(Locale.ROOT);
    }
  }
}
