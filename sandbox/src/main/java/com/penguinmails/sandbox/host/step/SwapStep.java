package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.Optional;
import java.util.stream.Collectors;

/// `040-swap`: swap for small hosts.
final class SwapStep implements Step {
  private static final String FILE = "/penguin.swap";
  private static final String FSTAB = "/etc/fstab";
  private static final int ENOUGH_MEMORY_MIB = 2000;
  private static final int KEEP_FREE_MIB = 5000;

  private static Optional<String> whyNot(StepContext step) {
    int memory = step.machine().hardware().memoryMib();
    int free = step.machine().conditions().diskFreeMib();
    if (step.isContainer()) {
      return Optional.of("a container uses its host's swap");
    } else if (memory >= ENOUGH_MEMORY_MIB) {
      return Optional.of(memory + " MiB of memory are enough without swap");
    } else if (!step.disk().exists(FILE)
        && free < KEEP_FREE_MIB + Integer.parseInt(step.input("SWAP_MIB"))) {
      return Optional.of("the disk has less than %d MiB to spare".formatted(KEEP_FREE_MIB));
    }
    return Optional.empty();
  }

  private static boolean isInTable(StepContext step) {
    return step.disk().textOrEmpty(FSTAB).lines().anyMatch(line -> line.startsWith(FILE + " "));
  }

  @Override
  public StepAnswer probe(StepContext step) {
    var reason = whyNot(step);
    if (reason.isPresent()) {
      return step.notApplicable(reason.get());
    }
    if (step.memory().isSwapOn() && isInTable(step)) {
      return new StepAnswer(step.name(), State.OK, "swap file is on");
    }
    return step.disk().exists(FILE)
        ? new StepAnswer(step.name(), State.PARTIAL, "swap file is there but off, or not in fstab")
        : new StepAnswer(step.name(), State.ABSENT, "no swap file");
  }

  @Override
  public void end(StepContext step) {
    if (whyNot(step).isPresent()) {
      return;
    }
    step.disk().write(FILE, "", "root:root", "0600");
    step.memory().swap(true);
    if (!isInTable(step)) {
      step.disk().write(FSTAB, step.disk().textOrEmpty(FSTAB) + "/penguin.swap none swap sw 0 0\n");
    }
  }

  @Override
  public void undo(StepContext step) {
    step.memory().swap(false);
    step.disk().remove(FILE);
    if (isInTable(step)) {
      step.disk()
          .write(
              FSTAB,
              step.disk()
                  .textOrEmpty(FSTAB)
                  .lines()
                  .filter(line -> !line.startsWith(FILE + " "))
                  .map(line -> line + "\n")
                  .collect(Collectors.joining()));
    }
  }
}
