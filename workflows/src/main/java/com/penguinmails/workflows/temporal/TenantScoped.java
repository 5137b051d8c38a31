package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.TenantId;

/// An order that is carried out for one tenant. The worker binds the tenant before the activity
/// runs; without it the database shows nothing.
public interface TenantScoped {
  TenantId tenant();
}
