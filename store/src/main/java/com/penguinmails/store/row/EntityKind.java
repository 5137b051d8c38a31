package com.penguinmails.store.row;

/// The kinds of thing that decisions, incidents, progress and the audit speak of.
public enum EntityKind {
  TENANT,
  API_KEY,
  SETUP,
  SERVER,
  DOMAIN,
  CERTIFICATE,
  MAILBOX,
  ORDER
}
