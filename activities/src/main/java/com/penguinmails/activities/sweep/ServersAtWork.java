package com.penguinmails.activities.sweep;

import com.penguinmails.workflows.model.ServerId;

/// Which servers are looked after.
@FunctionalInterface
public interface ServersAtWork {
  /// Whether the server's workflow has a run at this moment.
  boolean hasRun(ServerId server);
}
