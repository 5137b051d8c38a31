package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The host has 512 MiB of memory. Simulated by what its kernel says: a container has its engine's
/// memory.
@BadDay
class TooLittleMemoryIT {
  private static final String MEMINFO = "/proc/meminfo";

  @Test
  void touchesNothingUntilThereIsMore(Running product) {
    var prepared = product.prepare("too-little-memory.test");
    var host = product.host(prepared);
    host.show(MEMINFO, "s/^MemTotal:.*/MemTotal: 524288 kB/");
    var setup = product.order(prepared);

    setup.untilItTells(Cause.HOST_TOO_SMALL, "512 MiB of memory", "at least 900");
    host.assertUntouched();

    host.showAgain(MEMINFO);
    setup.retry();
    setup.untilProved();
  }
}
