package com.penguinmails.workflows.certificate;

import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.TenantScoped;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityInterface;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a certificate's workflow asks of the database, of DNS and of the CA. Every method may be
/// run more than once.
@ActivityInterface(namePrefix = "Certificate.")
public interface CertificateActivities {
  /// How far the certificate is. The first act of every run and of every new version.
  CertificateFacts facts(ReadCertificate order);

  /// Reads the CAA records that apply to each name and decides whether our CA may issue.
  CaaChecked checkCaa(CheckCaa order);

  /// Opens an order at the CA, or takes up the one the row knows while it is of use.
  Ordered order(OpenOrder order);

  /// Puts the challenge records beside whatever else stands under their names, under the zone's
  /// lease, and waits until every authoritative server shows them. Shows none that were hidden
  /// since they were ordered.
  ChallengesShown showChallenges(ShowChallenges order);

  /// Lets the CA look; fails `NOT_YET` while it does.
  Authorised authorise(Authorise order);

  /// Fetches the certificate, keeps it in the secret store and raises the server's desired version.
  Issued complete(CompleteOrder order);

  /// Takes this order's challenge records away again.
  void hideChallenges(HideChallenges order);

  /// Ends the certificate: nothing is renewed any more.
  void retire(RetireCertificate order);

  record ReadCertificate(TenantId tenant, CertificateId certificate) implements TenantScoped {}

  /// @param renewAfter when the next one is due; empty before the first
  /// @param serverVersion the server's desired version that carries the newest certificate
  /// @param isIncidentOpen an earlier run was stuck and could not say that it is over
  record CertificateFacts(
      long desiredVersion,
      Optional<Instant> renewAfter,
      long serverVersion,
      boolean isRetireWanted,
      boolean isRetired,
      boolean isIncidentOpen) {}

  record CheckCaa(TenantId tenant, CertificateId certificate, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "certificate/caa";
    }

    @Override
    public String title() {
      return "Checking whether the domain allows our certificate authority (CAA)";
    }
  }

  /// @param explanation in the tenant's words
  record CaaChecked(boolean isAllowed, String explanation) implements Evident {
    @Override
    public String evidence() {
      return explanation;
    }
  }

  record OpenOrder(TenantId tenant, CertificateId certificate, SetupId setup) implements Tracked {
    @Override
    public String step() {
      return "certificate/order";
    }

    @Override
    public String title() {
      return "Ordering the certificate";
    }
  }

  /// @param names empty: nothing was ordered, the one that was issued is good still
  /// @param challenges what the CA wants to see; kept here because it lists them only while the
  ///   order is pending
  record Ordered(URI url, List<String> names, List<DnsRecord> challenges) implements Evident {
    public Ordered {
      names = List.copyOf(names);
      challenges = List.copyOf(challenges);
    }

    @Override
    public String evidence() {
      return names.isEmpty()
          ? "Not ordered: it was issued before, and is good still."
          : "Ordered for " + String.join(", ", names) + ".";
    }
  }

  record ShowChallenges(
      TenantId tenant,
      CertificateId certificate,
      SetupId setup,
      List<DnsRecord> challenges,
      Duration poll)
      implements Tracked {
    public ShowChallenges {
      challenges = List.copyOf(challenges);
    }

    @Override
    public String step() {
      return "certificate/challenge";
    }

    @Override
    public String title() {
      return "Showing the certificate authority that the names are ours";
    }
  }

  record ChallengesShown(int records) implements Evident {
    @Override
    public String evidence() {
      return records + " challenge records seen at every authoritative server.";
    }
  }

  record Authorise(
      TenantId tenant, CertificateId certificate, SetupId setup, URI order, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "certificate/authorise";
    }

    @Override
    public String title() {
      return "Waiting for the certificate authority to look";
    }
  }

  record Authorised() implements Evident {
    @Override
    public String evidence() {
      return "The certificate authority has seen every challenge.";
    }
  }

  record CompleteOrder(
      TenantId tenant, CertificateId certificate, SetupId setup, URI order, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "certificate/issue";
    }

    @Override
    public String title() {
      return "Fetching the certificate";
    }
  }

  /// @param serverVersion the server's desired version that carries it
  record Issued(Instant notAfter, Instant renewAfter, long serverVersion) implements Evident {
    @Override
    public String evidence() {
      return "Valid until " + notAfter + ", renewed after " + renewAfter + ".";
    }
  }

  record HideChallenges(
      TenantId tenant, CertificateId certificate, SetupId setup, List<DnsRecord> challenges)
      implements TenantScoped {
    public HideChallenges {
      challenges = List.copyOf(challenges);
    }
  }

  record RetireCertificate(TenantId tenant, CertificateId certificate) implements TenantScoped {}
}
