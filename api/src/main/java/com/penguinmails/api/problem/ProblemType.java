package com.penguinmails.api.problem;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/// Every kind of error an answer can carry. The `type` URI of each is part of the API: never rename
/// one. It is a reference relative to the API's own address (RFC 9457, 3.1.1), where a page
/// explains it.
public enum ProblemType {
  INVALID_REQUEST(
      HttpStatus.BAD_REQUEST,
      "The request cannot be used as it is",
      "Something in the request is missing, unknown or not valid. `faults` lists every field at"
          + " fault with the reason and what helps. Correct all of them and send the request again;"
          + " nothing was created."),
  IDEMPOTENCY_KEY_MISSING(
      HttpStatus.BAD_REQUEST,
      "The Idempotency-Key header is missing or not valid",
      "Requests that create or change something need the header Idempotency-Key: 1 to 200 visible"
          + " ASCII characters that you choose, new for each new intention. Sending the same"
          + " request again with the same key is safe and gives the same answer. A UUID is a good"
          + " key."),
  UNAUTHENTICATED(
      HttpStatus.UNAUTHORIZED,
      "No valid API key",
      "Send `Authorization: Bearer <your API key>`. The key begins with pm_ and belongs to"
          + " this installation. A revoked key no longer works: make a new one."),
  LINK_ENDED(
      HttpStatus.FORBIDDEN,
      "This link is no longer valid",
      "Links to a set-up's page work for a limited time. Ask for a new one with"
          + " POST /api/v1/setups/{id}/view-link."),
  NOT_FOUND(
      HttpStatus.NOT_FOUND,
      "Nothing is here",
      "There is no such thing, or it belongs to somebody else. Check the address and which API key"
          + " you use."),
  METHOD_NOT_ALLOWED(
      HttpStatus.METHOD_NOT_ALLOWED,
      "This address does not take that method",
      "The header Allow lists the methods it takes."),
  NOT_ACCEPTABLE(
      HttpStatus.NOT_ACCEPTABLE,
      "The answer does not exist in the form asked for",
      "Answers are application/json, events are text/event-stream. Correct the header Accept."),
  SETUP_ALREADY_OPEN(
      HttpStatus.CONFLICT,
      "A set-up for this domain or server is already open",
      "One domain, and one server address, take part in one open set-up at a time. Wait for it,"
          + " retry it or cancel it."),
  SERVER_LEAVING(
      HttpStatus.CONFLICT,
      "This server is being given back",
      "A cancelled set-up takes back what it made on this server, and a new one would be emptied"
          + " with it. Order again, with a new Idempotency-Key, when the cancelled set-up says that"
          + " it is CANCELLED."),
  SERVER_NAME_NEEDED(
      HttpStatus.CONFLICT,
      "That server name is needed where it is",
      "A server is named after the first domain that came to it, and mail of all domains on it is"
          + " sent to that name. It cannot stand for another server as well. Order the domain onto a"
          + " server that has a name of its own (`server.id`), or give up the other domains first."),
  PRICE_MOVED(
      HttpStatus.CONFLICT,
      "The price has moved since the plan was made",
      "Nothing was ordered. `plannedPrice` is what the plan said, `price` what the seller asks now,"
          + " and `plan` the address of a new plan at that price. Go ahead from the new one, with a"
          + " new Idempotency-Key, if you agree."),
  PLAN_NOT_USABLE(
      HttpStatus.CONFLICT,
      "One cannot go ahead from this plan",
      "A plan is gone ahead from once, within 24 hours, when its rehearsal has ended. The detail says"
          + " what is against it. Rehearse again with POST /api/v1/setups?dryRun=true."),
  SERVER_FULL(
      HttpStatus.CONFLICT,
      "This server has as many domains as it can have",
      "One certificate carries the names of all domains on a server, and certificate authorities"
          + " limit how many. Use another server."),
  DOMAIN_NOT_SET_UP(
      HttpStatus.CONFLICT,
      "The domain is not set up",
      "Mailboxes are made on a domain whose set-up is DONE. Wait for it, or order a set-up."),
  MAILBOX_NOT_READY(
      HttpStatus.CONFLICT,
      "The mailbox takes no such command now",
      "Wait until the mailbox is READY; one that is being removed is taken back with"
          + " POST /api/v1/mailboxes/{id}/restore."),
  PASSWORD_REVEALED(
      HttpStatus.GONE,
      "The password was shown already",
      "A password is shown once. Make a new one with POST /api/v1/mailboxes/{id}/reset-password; it"
          + " may be revealed once when the mailbox is READY."),
  MAILBOX_GONE(
      HttpStatus.GONE,
      "The mailbox is gone",
      "It was removed and its time of grace is over: its mail is taken off the server. The address"
          + " can be ordered again."),
  SETUP_ENDED(
      HttpStatus.CONFLICT,
      "The set-up has ended",
      "A set-up that is done, cancelled or failed takes no more commands."),
  SETUP_NOT_PROVED(
      HttpStatus.CONFLICT,
      "Only a set-up that is DONE can be retired",
      "One that is not finished is ended with POST /api/v1/setups/{id}/cancel; of one that is"
          + " CANCELLED nothing is left."),
  EARLIER_SETUP_STANDS(
      HttpStatus.CONFLICT,
      "An earlier set-up of the domain stands",
      "The domain was set up before, perhaps on another server that is kept and paid for. Retire the"
          + " set-up named in the detail first; the domain stays where it is. When that one is"
          + " CANCELLED, retire this one."),
  TOO_LATE_TO_RESUME(
      HttpStatus.CONFLICT,
      "The cancel can no longer be taken back",
      "A cancel, or that a set-up is retired, can be taken back until the time in `resumableUntil`. After that what the set-up"
          + " made is taken back. Wait until it is CANCELLED, then order a new set-up, with a new"
          + " Idempotency-Key."),
  TOO_LARGE(
      HttpStatus.CONTENT_TOO_LARGE,
      "The request is too large",
      "The body is larger than this installation takes (64 KiB unless configured otherwise)."),
  UNSUPPORTED_MEDIA_TYPE(
      HttpStatus.UNSUPPORTED_MEDIA_TYPE,
      "The body is not of a kind we read",
      "Send the body as application/json in UTF-8."),
  IDEMPOTENCY_KEY_REUSED(
      HttpStatus.UNPROCESSABLE_CONTENT,
      "The Idempotency-Key was used for another request",
      "The same key came before with another body, or another command. Choose a new key for a new"
          + " request; to repeat the old one, send exactly what it was. Nothing was created or changed."),
  TOO_MANY_REHEARSALS(
      HttpStatus.TOO_MANY_REQUESTS,
      "Too many rehearsals at once",
      "A rehearsal asks name servers and sellers, so few of one tenant run at once. Wait until one has"
          + " ended: that takes seconds."),
  TOO_MANY_STREAMS(
      HttpStatus.TOO_MANY_REQUESTS,
      "Too many open event streams",
      "Close streams that nobody reads, or read the set-up with a plain GET."),
  UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE,
      "We cannot do this right now",
      "A part of the orchestrator is out of reach. Nothing is lost. Send the same request with the"
          + " same Idempotency-Key again after the time in Retry-After."),
  INTERNAL(
      HttpStatus.INTERNAL_SERVER_ERROR,
      "Something went wrong on our side",
      "This is our fault. Give support the X-Request-Id of the answer. Sending the same request"
          + " with the same Idempotency-Key again is safe.");

  private final HttpStatus status;
  private final String title;
  private final String explanation;

  ProblemType(HttpStatus status, String title, String explanation) {
    this.status = status;
    this.title = title;
    this.explanation = explanation;
  }

  /// The last part of the type's URI, such as `invalid-request`.
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public URI uri() {
    return URI.create("/problems/" + slug());
  }

  public HttpStatus status() {
    return status;
  }

  /// The same for every occurrence.
  public String title() {
    return title;
  }

  /// What it means and what helps.
  public String explanation() {
    return explanation;
  }

  static Optional<ProblemType> withSlug(String slug) {
    return Arrays.stream(values()).filter(type -> type.slug().equals(slug)).findFirst();
  }

  /// The type that says most about a status the framework answers with.
  static ProblemType of(int status) {
    return switch (status) {
      case 401 -> UNAUTHENTICATED;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 413 -> TOO_LARGE;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 503 -> UNAVAILABLE;
      default -> status >= 500 ? INTERNAL : INVALID_REQUEST;
    };
  }
}
