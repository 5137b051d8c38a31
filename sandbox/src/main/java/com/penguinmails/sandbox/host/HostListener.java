package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.HostEvent;

/// Is told what changed on a host, after it has changed and was kept, one call at a time for each
/// change. What it throws is logged and else ignored.
@FunctionalInterface
public interface HostListener {
  void happened(HostView host, HostEvent event);
}
