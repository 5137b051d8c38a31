package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.domain.RecordPlan.RecordSetChange;
import com.penguinmails.workflows.domain.RecordPlan.ZoneSnapshot;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How our records leave a zone again: exactly ours, foreign ones stay. Pure.
public final class Withdrawal {
  private Withdrawal() {}

  /// Like the other, and puts back what our changes removed (an SPF text, an MX) where nothing
  /// foreign has taken its place.
  ///
  /// @param replaced records our changes removed, oldest first
  public static List<RecordSetChange> of(
      Optional<IpAddress> address,
      List<DnsRecord> ours,
      List<DnsRecord> replaced,
      ZoneSnapshot now) {
    return of(address, ours, now).stream().map(change -> restoring(change, replaced, now)).toList();
  }

  private static RecordSetChange restoring(
      RecordSetChange change, List<DnsRecord> replaced, ZoneSnapshot now) {
    var before =
        onlyOneSpf(
            replaced.stream()
                .filter(
                    record -> record.name().equals(change.name()) && record.type() == change.type())
                .toList());
    boolean isTaken =
        change.type() != DnsRecord.Type.TXT
            && !change.remove().containsAll(now.at(change.name(), change.type()));
    return before.isEmpty() || isTaken
        ? change
        : new RecordSetChange(change.name(), change.type(), before, change.remove());
  }

  /// A name has at most one SPF text (RFC 7208, 3.2). Where the tenant changed theirs after we had
  /// replaced it, the newer one is what they want.
  private static List<DnsRecord> onlyOneSpf(List<DnsRecord> replaced) {
    var newest = replaced.stream().filter(Withdrawal::isSpf).reduce((_, later) -> later);
    return replaced.stream()
        .filter(record -> !isSpf(record) || record.equals(newest.orElseThrow()))
        .toList();
  }

  private static boolean isSpf(DnsRecord record) {
    return record.type() == DnsRecord.Type.TXT && record.value().startsWith(Spf.VERSION);
  }

  /// @param address of the server, as far as it ever got one
  /// @param ours records we added
  /// @param now what the zone holds at their names
  public static List<RecordSetChange> of(
      Optional<IpAddress> address, List<DnsRecord> ours, ZoneSnapshot now) {
    var changes = new ArrayList<RecordSetChange>();
    for (var record : ours) {
      var there = now.at(record.name(), record.type()).stream().filter(record::isSameAs).toList();
      if (!there.isEmpty()) {
        changes.add(
            new RecordSetChange(record.name(), record.type(), remainder(address, record), there));
      }
    }
    return List.copyOf(changes);
  }

  /// What stays of an SPF record we merged our address into: the tenant's own part.
  private static List<DnsRecord> remainder(Optional<IpAddress> address, DnsRecord record) {
    return address.filter(ours -> isMerged(record, ours)).stream()
        .map(ours ->
            new DnsRecord(
                record.name(),
                record.type(),
                Spf.without(record.value(), ours),
                record.ttlSeconds()))
        .toList();
  }

  private static boolean isMerged(DnsRecord record, IpAddress address) {
    return isSpf(record)
        && !record.value().equals(Spf.of(address))
        && record.value().contains(Spf.mechanism(address));
  }
}
