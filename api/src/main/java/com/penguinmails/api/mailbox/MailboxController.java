package com.penguinmails.api.mailbox;

import com.penguinmails.api.edge.IdempotencyKey;
import com.penguinmails.api.edge.LimitedBody;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.MailboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Mailboxes over HTTP.
@Tag(name = "Mailboxes", description = "Addresses with SMTP and IMAP login on a proved domain")
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class MailboxController {
  /// 500 lines with the longest names in four-octet letters and some blanks.
  private static final DataSize MAX_ORDER = DataSize.ofKilobytes(384);

  private static final int MAX_PAGE = 500;

  private final MailboxOrders orders;

  MailboxController(MailboxOrders orders) {
    this.orders = orders;
  }

  @Operation(
      summary = "Order mailboxes",
      description =
          "Up to 500 at once, all or none, for a domain whose set-up is DONE. Answers at once; they"
              + " are READY when the server has them, all together.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "#/components/schemas/CreateMailboxes"))))
  @PostMapping(path = "/domains/{id}/mailboxes", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ResponseEntity<Page> create(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key,
      @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    var checkedKey = IdempotencyKey.checked(key);
    var domain = domain(id);
    var lines = MailboxesReader.read(LimitedBody.read(request, MAX_ORDER));
    var items =
        orders.create(caller, domain, checkedKey, lines).stream().map(MailboxAnswer::of).toList();
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/domains/" + domain + "/mailboxes"))
        .body(new Page(items, Optional.empty()));
  }

  @Operation(
      summary = "Mailboxes of a domain by address, with settings for mail programs",
      description = "`next` is the cursor of the next page; it is absent on the last one.")
  @GetMapping(path = "/domains/{id}/mailboxes")
  Page list(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @RequestParam(defaultValue = "100") String limit,
      @RequestParam(defaultValue = "") String cursor) {
    int size = pageSize(limit);
    var found = orders.list(caller, domain(id), cursor, size + 1);
    var items = found.subList(0, Math.min(size, found.size()));
    return new Page(
        items.stream().map(MailboxAnswer::of).toList(),
        found.size() > size
            ? Optional.of(items.getLast().address().localPart())
            : Optional.empty());
  }

  @Operation(summary = "One mailbox, with settings for mail programs")
  @GetMapping(path = "/mailboxes/{id}")
  MailboxAnswer get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
    return MailboxAnswer.of(orders.get(caller, mailbox(id)));
  }

  @Operation(
      summary = "Show the password, once",
      description =
          "The second time it is 410: make a new one with reset-password. Takes no Idempotency-Key,"
              + " because a repeated request must not show it again.")
  @PostMapping(path = "/mailboxes/{id}/reveal")
  RevealedPassword reveal(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
    var revealed = orders.reveal(caller, mailbox(id));
    return new RevealedPassword(
        revealed.mailbox().address().toString(),
        revealed.password(),
        MailboxAnswer.Settings.of(revealed.mailbox()));
  }

  @Operation(
      summary = "Make a new password",
      description =
          "The old one works until the mailbox is READY again; then the new one may be revealed.")
  @PostMapping(path = "/mailboxes/{id}/reset-password")
  @ResponseStatus(HttpStatus.ACCEPTED)
  MailboxAnswer resetPassword(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key) {
    orders.resetPassword(caller, mailbox(id), IdempotencyKey.checked(key));
    return get(caller, id);
  }

  @Operation(
      summary = "Remove a mailbox",
      description =
          "Nobody can log in from now on; mail still arrives and is kept until removeAfter, and"
              + " until then it can be taken back. Twice is once.")
  @DeleteMapping(path = "/mailboxes/{id}")
  @ResponseStatus(HttpStatus.ACCEPTED)
  MailboxAnswer remove(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key) {
    orders.remove(caller, mailbox(id), IdempotencyKey.checked(key));
    return get(caller, id);
  }

  @Operation(
      summary = "Take a removal back",
      description = "The password stays as it was. 410 when the time of grace is over.")
  @PostMapping(path = "/mailboxes/{id}/restore")
  @ResponseStatus(HttpStatus.ACCEPTED)
  MailboxAnswer restore(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key) {
    orders.restore(caller, mailbox(id), IdempotencyKey.checked(key));
    return get(caller, id);
  }

  private static DomainId domain(String text) {
    try {
      return DomainId.of(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.notFound("domain");
    }
  }

  private static MailboxId mailbox(String text) {
    try {
      return MailboxId.of(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.notFound("mailbox");
    }
  }

  private static int pageSize(String limit) {
    try {
      int size = Integer.parseInt(limit);
      if (size >= 1 && size <= MAX_PAGE) {
        return size;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw ProblemException.invalid(
        List.of(new Fault("limit", "must be a whole number from 1 to " + MAX_PAGE)));
  }

  /// One page of mailboxes.
  ///
  /// @param next cursor of the next page; absent on the last one
  record Page(List<MailboxAnswer> items, Optional<String> next) {}

  /// What is shown once; `toString` never shows it.
  record RevealedPassword(String address, String password, MailboxAnswer.Settings settings) {
    @Override
    public String toString() {
      return "RevealedPassword[…]";
    }
  }
}
