package com.penguinmails.api;

import com.penguinmails.workflows.temporal.Pace;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How the API answers.
///
/// @param publicUrl where people reach this API; links in answers begin with it
/// @param maxBody the largest request body that is read
/// @param heartbeat how often an idle event stream says that it lives; below the idle time-out of
///   every proxy in between
/// @param maxStreamsPerTenant event streams one tenant may hold open at this process
/// @param startWait how long a request waits for Temporal before it answers without it
/// @param viewLinkLifetime how long a link to a set-up's page works
/// @param viewLinkKey signs links to pages, at least 32 characters; empty: a random one is made at
///   start, and links end with the process
/// @param providers where tenants may buy servers, such as `hostwinds`: those the workers know
/// @param mailboxGrace how long the removal of a mailbox can be taken back
/// @param cancelGrace how long the cancel of a set-up can be taken back; 0: not at all
/// @param namesPerCertificate how many names the authority takes in one certificate; a server's
///   carries two for each domain, and two more
/// @param pace how long workflows wait; all but production is for the demo and tests
@ConfigurationProperties(prefix = "penguin.api", ignoreUnknownFields = false)
public record ApiSettings(
    @DefaultValue("http://127.0.0.1:8080") URI publicUrl,
    @DefaultValue("64KB") DataSize maxBody,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("20") int maxStreamsPerTenant,
    @DefaultValue("3s") Duration startWait,
    @DefaultValue("7d") Duration viewLinkLifetime,
    Optional<String> viewLinkKey,
    @DefaultValue Set<String> providers,
    @DefaultValue("7d") Duration mailboxGrace,
    @DefaultValue("1h") Duration cancelGrace,
    @DefaultValue("100") int namesPerCertificate,
    @DefaultValue("production") Pace.Kind pace) {
  public ApiSettings {
    providers = Set.copyOf(providers);
    if (mailboxGrace.isNegative() || mailboxGrace.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException("penguin.api.mailbox-grace may be 0 to 365 days");
    }
    if (cancelGrace.isNegative() || cancelGrace.compareTo(Duration.ofDays(30)) > 0) {
      throw new IllegalArgumentException("penguin.api.cancel-grace may be 0 to 30 days");
    }
    viewLinkKey = viewLinkKey.filter(key -> !key.isBlank());
    if (viewLinkKey.isPresent() && viewLinkKey.get().length() < 32) {
      throw new IllegalArgumentException(
          "penguin.api.view-link-key needs at least 32 characters; `openssl rand -hex 32` makes"
              + " one");
    }
  }

  /// Secrets are not shown.
  @Override
  public String toString() {
    return "ApiSettings[publicUrl=" + publicUrl + ", …]";
  }
}
