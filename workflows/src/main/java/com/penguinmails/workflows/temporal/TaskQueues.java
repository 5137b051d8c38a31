package com.penguinmails.workflows.temporal;

/// Task queues by kind of work, so that slow work of one kind never holds up another.
public final class TaskQueues {
  /// Workflow tasks: pure, quick.
  public static final String DECISIONS = "decisions";

  /// Reads and writes of our own database and secret store.
  public static final String STORE = "store";

  /// Work on hosts over SSH: minutes.
  public static final String SSH = "ssh";

  /// DNS look-ups and zone changes.
  public static final String DNS = "dns";

  /// Certificate authorities.
  public static final String ACME = "acme";

  /// Probing mail servers from outside.
  public static final String MAIL = "mail";

  /// Calls to one seller of servers: its limits are the queue's.
  public static String vps(String provider) {
    return "vps-" + provider;
  }

  private TaskQueues() {}
}
