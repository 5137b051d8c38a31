package com.penguinmails.api.tenant;

import com.penguinmails.workflows.model.TenantId;

/// Who sent the request.
///
/// @param actor names the API key in the audit, by its first characters
public record Caller(TenantId tenant, String actor) {
  static final String ATTRIBUTE = Caller.class.getName();
}
