package com.penguinmails.workflows.model;

/// How mail programs reach a mailbox on our servers. What DNS says of it (RFC 6186, RFC 8314 5.1),
/// what autoconfig says and what the API shows is made from here.
public enum MailAccess {
  IMAPS("imap", "_imaps._tcp", 993, Security.TLS),
  SUBMISSIONS("smtp", "_submissions._tcp", 465, Security.TLS),
  SUBMISSION("smtp", "_submission._tcp", 587, Security.STARTTLS);

  private final String protocol;
  private final String service;
  private final int port;
  private final Security security;

  MailAccess(String protocol, String service, int port, Security security) {
    this.protocol = protocol;
    this.service = service;
    this.port = port;
    this.security = security;
  }

  /// `imap` or `smtp`.
  public String protocol() {
    return protocol;
  }

  /// What stands before the domain in the name of its SRV record.
  public String service() {
    return service;
  }

  public int port() {
    return port;
  }

  public Security security() {
    return security;
  }

  /// How the connection is encrypted.
  public enum Security {
    /// From the first octet on.
    TLS,
    STARTTLS
  }
}
