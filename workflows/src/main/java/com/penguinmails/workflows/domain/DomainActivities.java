package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a domain's workflow asks of the database, of the zone and of DNS. Every method may be run
/// more than once.
@ActivityInterface(namePrefix = "Domain.")
public interface DomainActivities {
  /// Makes the secrets the domain lacks, unless it is to be withdrawn: its DKIM key and the
  /// passwords of its mailboxes, each once, kept in the secret store. Answers how far the domain
  /// is. The first act of every run and of every new version.
  DomainPrepared prepare(PrepareDomain order);

  /// Puts the proof that the domain is the tenant's into the zone, and nothing else; where a person
  /// enters the records, they are asked for it instead.
  ClaimShown claim(ShowClaim order);

  /// Waits until every authoritative server answers with the proof, then makes the tenant the
  /// domain's owner and records the decision. Where another tenant owns it already, that one is
  /// challenged and this fails `REFUSED`: look again, until they lost it.
  DomainOwned own(OwnDomain order);

  /// Waits until the server has an address; fails `NOT_YET` while it is being bought.
  AddressKnown awaitAddress(AwaitAddress order);

  /// Reads the zone, computes the record plan, records that decision and says what stands against
  /// it. Changes nothing.
  RecordsPlanned plan(PlanRecords order);

  /// Makes the zone hold the plan, one RRset after the other, under the zone's lease. What is there
  /// already is left alone. Where a person enters them, they are asked for instead.
  RecordsPublished publish(PublishRecords order);

  /// Asks every authoritative server, then the recursive ones; fails `NOT_YET` until all of them
  /// answer with every record. Each record's state is a row.
  RecordsVerified verify(VerifyRecords order);

  /// Takes back the records we put there, and no others.
  RecordsWithdrawn withdraw(WithdrawRecords order);

  record PrepareDomain(TenantId tenant, DomainId domain, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "domain/keys";
    }

    @Override
    public String title() {
      return "Preparing the DKIM key";
    }
  }

  /// @param selector of the DKIM key; empty: the domain is to be withdrawn and needs none
  /// @param isAddressAwaited the server has no address yet
  /// @param isOwnershipAwaited nobody proved yet that it is the tenant's
  /// @param isIncidentOpen an earlier run was stuck and could not say that it is over
  record DomainPrepared(
      long desiredVersion,
      Optional<String> selector,
      boolean isRetired,
      boolean isAddressAwaited,
      boolean isOwnershipAwaited,
      boolean isIncidentOpen)
      implements Evident {
    boolean isRetireWanted() {
      return selector.isEmpty();
    }

    @Override
    public String evidence() {
      return selector
          .map(name -> "RSA 2048, selector " + name)
          .orElse("None is needed: the domain is taken back.");
    }
  }

  record ShowClaim(TenantId tenant, DomainId domain, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "domain/claim";
    }

    @Override
    public String title() {
      return "Writing the proof that the domain is yours";
    }
  }

  /// @param name of the TXT record
  record ClaimShown(RecordName name, boolean isByHand) implements Evident {
    @Override
    public String evidence() {
      return isByHand
          ? "Nothing is written: the TXT record %s is entered by hand.".formatted(name)
          : "The TXT record %s is written.".formatted(name);
    }
  }

  /// @param poll how long until the next look
  record OwnDomain(TenantId tenant, DomainId domain, SetupId setup, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "domain/own";
    }

    @Override
    public String title() {
      return "Waiting until every name server shows that the domain is yours";
    }
  }

  /// @param servers how many name servers have the proof: all of the zone
  record DomainOwned(int servers) implements Evident {
    @Override
    public String evidence() {
      return "The proof is seen at all %d name servers of the zone.".formatted(servers);
    }
  }

  /// @param poll how long until the next look
  record AwaitAddress(TenantId tenant, DomainId domain, SetupId setup, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "domain/address";
    }

    @Override
    public String title() {
      return "Waiting for the server's address";
    }
  }

  record AddressKnown(String evidence) implements Evident {}

  record PlanRecords(TenantId tenant, DomainId domain, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "domain/plan";
    }

    @Override
    public String title() {
      return "Planning the DNS records";
    }
  }

  /// @param records how many records the plan has
  /// @param changes how many of them are not there yet
  /// @param skipped what was left out because the tenant has something else there
  record RecordsPlanned(
      int records, int changes, List<Finding> findings, Optional<List<String>> skipped)
      implements Evident {
    public RecordsPlanned {
      findings = List.copyOf(findings);
      skipped = skipped.map(List::copyOf);
    }

    @Override
    public String evidence() {
      var against = findings.stream().map(Finding::evidence);
      var leftOut = skipped.stream().flatMap(List::stream).map(one -> "left out: " + one);
      var remarks = Stream.concat(against, leftOut).toList();
      return records
          + " records planned, "
          + changes
          + " of them to be written"
          + (remarks.isEmpty() ? "." : "; " + String.join("; ", remarks));
    }
  }

  /// Something in the zone that stands against the plan and that only the tenant may decide.
  record Finding(Cause cause, String evidence) {}

  record PublishRecords(TenantId tenant, DomainId domain, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "domain/publish";
    }

    @Override
    public String title() {
      return "Writing the DNS records";
    }
  }

  /// @param byHand how many records a person enters; absent where we write
  record RecordsPublished(int written, Optional<Integer> byHand) implements Evident {
    @Override
    public String evidence() {
      if (byHand.isPresent()) {
        return "Nothing is written: %d records are entered by hand.".formatted(byHand.get());
      }
      return written == 0 ? "Every record was there already." : written + " record sets written.";
    }
  }

  /// @param poll how long until the next look when a record is not everywhere yet
  record VerifyRecords(TenantId tenant, DomainId domain, SetupId setup, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "domain/verify";
    }

    @Override
    public String title() {
      return "Waiting until every name server answers with the records";
    }
  }

  record RecordsVerified(int records, int servers) implements Evident {
    @Override
    public String evidence() {
      return records + " records seen at all " + servers + " servers asked.";
    }
  }

  record WithdrawRecords(TenantId tenant, DomainId domain, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "domain/withdraw";
    }

    @Override
    public String title() {
      return "Taking our DNS records back";
    }
  }

  record RecordsWithdrawn(int removed) implements Evident {
    @Override
    public String evidence() {
      return removed + " record sets changed back.";
    }
  }
}
