package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.SetupId;

/// An order whose progress the tenant sees. The worker writes the progress row around the activity:
/// running with its attempts, done with the evidence, waiting or failed with the cause.
public interface Tracked extends TenantScoped {
  /// The set-up on whose page the step appears.
  SetupId setup();

  /// Stable name of the step, such as `server/contact`.
  String step();

  /// What the tenant reads.
  String title();
}
