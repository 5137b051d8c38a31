package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The proof: a real message through the new server, judged where it arrives. Every method may be
/// run more than once.
@ActivityInterface(namePrefix = "Proof.")
public interface ProofActivities {
  /// Submits the message of this attempt. Twice delivers two copies that count as one. Sends
  /// nothing when there is nothing to prove any more.
  ProofSent send(SendProof order);

  /// Waits for the message in the probe mailbox and judges it; fails `NOT_YET` until it is there.
  ProofJudged receive(ReceiveProof order);

  /// Judges the server itself from outside.
  ProofJudged inspect(InspectServer order);

  /// @param attempt counts from 1, in the workflow: makes the message's token
  record SendProof(TenantId tenant, SetupId setup, int attempt) implements Tracked {
    @Override
    public String step() {
      return "proof/send" + again(attempt);
    }

    @Override
    public String title() {
      return "Sending a real message through the new server";
    }
  }

  /// @param over the set-up's stage, when its row says that it has ended or is to end: whoever asks
  ///   knows less, and has to do with an older copy of Temporal's data; nothing was sent
  record ProofSent(String token, Optional<Stage> over) implements Evident {
    /// The message was sent.
    public ProofSent(String token) {
      this(token, Optional.empty());
    }

    @Override
    public String evidence() {
      return over.isEmpty()
          ? "The server accepted the message on port 587."
          : "Nothing was sent: there is nothing to prove any more.";
    }
  }

  /// @param poll how long until the next look when it is not there yet
  record ReceiveProof(TenantId tenant, SetupId setup, int attempt, String token, Duration poll)
      implements Tracked {
    @Override
    public String step() {
      return "proof/receive" + again(attempt);
    }

    @Override
    public String title() {
      return "Judging the message where it arrived: DKIM, SPF, DMARC";
    }
  }

  record InspectServer(TenantId tenant, SetupId setup, int attempt) implements Tracked {
    @Override
    public String step() {
      return "proof/inspect" + again(attempt);
    }

    @Override
    public String title() {
      return "Looking at the server from outside: TLS, names, open relay";
    }
  }

  private static String again(int attempt) {
    return attempt == 1 ? "" : "-" + attempt;
  }

  /// All checks of one look.
  record ProofJudged(List<ProofCheck> checks) implements Evident {
    public ProofJudged {
      checks = List.copyOf(checks);
    }

    @Override
    public String evidence() {
      var passed = checks.stream().filter(c -> c.verdict() == ProofCheck.Verdict.PASSED).count();
      var open =
          checks.stream()
              .filter(c -> c.verdict() != ProofCheck.Verdict.PASSED)
              .map(c -> c.name() + ": " + c.evidence())
              .toList();
      return passed
          + " of "
          + checks.size()
          + " checks passed"
          + (open.isEmpty() ? "." : "; " + String.join("; ", open));
    }
  }
}
