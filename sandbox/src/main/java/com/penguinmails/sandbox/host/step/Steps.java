package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.HostEvent;
import com.penguinmails.sandbox.host.machine.Machine;
import java.util.Map;
import java.util.Optional;

/// Runs the steps of bundles on a machine, each as its script would. A script that is not known
/// does nothing.
public final class Steps {
  private static final String APPLIED = Places.STATE + "/applied/";
  private static final Map<String, Step> KNOWN =
      Map.ofEntries(
          Map.entry("steps/010-identity.sh", new IdentityStep()),
          Map.entry("steps/020-packages.sh", new PackagesStep()),
          Map.entry("steps/030-time.sh", new TimeStep()),
          Map.entry("steps/040-swap.sh", new SwapStep()),
          Map.entry("steps/050-kernel.sh", new KernelStep()),
          Map.entry("steps/060-journal.sh", new JournalStep()),
          Map.entry("steps/070-ca-roots.sh", new CaRootsStep()),
          Map.entry("steps/080-resolver.sh", new ResolverStep()),
          Map.entry("steps/090-sshd.sh", new SshdStep()),
          Map.entry("steps/100-firewall.sh", new FirewallStep()),
          Map.entry("steps/110-bans.sh", new BansStep()),
          Map.entry("steps/120-updates.sh", new UpdatesStep()),
          Map.entry("stacks/debian/steps/210-opendkim.sh", new OpenDkimStep()),
          Map.entry("stacks/debian/steps/220-mta-sts.sh", new MtaStsStep()),
          Map.entry("stacks/debian/steps/230-mailboxes.sh", new MailboxesStep()),
          Map.entry("stacks/debian/steps/240-tls.sh", new TlsStep()),
          Map.entry("stacks/debian/steps/250-dovecot.sh", new DovecotStep()),
          Map.entry("stacks/debian/steps/260-postfix.sh", new PostfixStep()),
          Map.entry("stacks/debian/steps/270-web.sh", new WebStep()));

  private final Machine machine;
  private final KnownScripts scripts;

  public Steps(Machine machine, KnownScripts scripts) {
    this.machine = machine;
    this.scripts = scripts;
  }

  private Optional<Step> find(Bundle bundle, String name) {
    var script = bundle.text(machine.disk(), name + ".sh");
    return KNOWN.entrySet().stream()
        .filter(known -> Disk.nameOf(known.getKey()).equals(name + ".sh"))
        .filter(known -> scripts.isKnown(known.getKey(), script))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private Step known(Bundle bundle, String name) {
    return find(bundle, name)
        .orElseThrow(
            () -> new StepFailed("this simulated host does not know this script of step " + name));
  }

  /// What is there. OK only where the step once ran to its end with these inputs.
  public StepAnswer probe(Bundle bundle, String name) {
    StepAnswer answer;
    try {
      answer = known(bundle, name).probe(new StepContext(machine, bundle, name));
    } catch (StepFailed failed) {
      return new StepAnswer(name, State.PARTIAL, "the probe ended with 127: " + failed.said());
    }
    var applied = machine.disk().textOrEmpty(APPLIED + name).strip();
    return answer.state() == State.OK && !applied.equals(bundle.steps().get(name))
        ? new StepAnswer(
            name,
            State.PARTIAL,
            "looks as wanted, but was never applied to the end with these inputs")
        : answer;
  }

  /// The first half of applying; a kill may come after it.
  ///
  /// @throws StepFailed with what the script would say
  public void begin(Bundle bundle, String name) {
    machine.disk().remove(APPLIED + name);
    known(bundle, name).begin(new StepContext(machine, bundle, name));
  }

  /// The rest of it.
  ///
  /// @return what the probe after it says
  /// @throws StepFailed with what the script would say
  public StepAnswer end(Bundle bundle, String name) {
    known(bundle, name).end(new StepContext(machine, bundle, name));
    var ordered = machine.conditions().failing().get(name);
    if (ordered != null) {
      throw new StepFailed(ordered);
    }
    machine.disk().write(APPLIED + name, bundle.steps().get(name) + "\n", "root:root", "0600");
    var answer = probe(bundle, name);
    if (answer.isSettled()) {
      machine.disk().remove(Places.STATE + "/pending/" + name);
      machine.happened(HostEvent.Kind.STEP_APPLIED, name);
    } else {
      machine.disk().remove(APPLIED + name);
    }
    return answer;
  }

  /// What files and packages going does not take back, the last step first.
  public void undo(Bundle bundle) {
    bundle
        .steps()
        .reversed()
        .keySet()
        .forEach(name ->
            find(bundle, name)
                .ifPresent(step -> step.undo(new StepContext(machine, bundle, name))));
  }
}
