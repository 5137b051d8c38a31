package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.edge.IdempotencyKey;
import com.penguinmails.api.edge.LimitedBody;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.workflows.model.SetupId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Set-ups over HTTP.
@Tag(name = "Set-ups", description = "From a bare server to a mailbox proved by a real message")
@RestController
@RequestMapping("/api/v1/setups")
class SetupController {
  private static final int MAX_PAGE = 100;

  private final CreateSetupReader reader;
  private final SetupOrders orders;
  private final PlanOrders plans;
  private final SetupView view;
  private final SetupStream stream;
  private final ViewLinks links;
  private final ApiSettings settings;

  SetupController(
      CreateSetupReader reader,
      SetupOrders orders,
      PlanOrders plans,
      SetupView view,
      SetupStream stream,
      ViewLinks links,
      ApiSettings settings) {
    this.reader = reader;
    this.orders = orders;
    this.plans = plans;
    this.view = view;
    this.stream = stream;
    this.links = links;
    this.settings = settings;
  }

  @Operation(
      summary = "Ask for a set-up",
      description =
          "Answers at once; the work goes on by itself. Follow it at Location. With dryRun=true it is"
              + " only rehearsed: Location is a plan then. To go ahead from a plan, send its id as"
              + " `plan` and nothing else.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "#/components/schemas/CreateSetup"))))
  @PostMapping(
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ResponseEntity<SetupAnswer> create(
      @Parameter(hidden = true) Caller caller,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key,
      @Parameter(hidden = true) @RequestParam Optional<String> dryRun,
      @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    PlanController.refuseDoubt(dryRun);
    var checkedKey = checked(key);
    var body = LimitedBody.read(request, settings.maxBody());
    var plan = PlanController.planIn(body);
    var id =
        plan.isPresent()
            ? plans.goAhead(caller, checkedKey, plan.get())
            : orders.create(caller, checkedKey, reader.read(body));
    return accepted(caller, id);
  }

  @Operation(
      summary = "One set-up: steps, what needs attention, the proof check by check",
      description =
          "`attention` also says when a part of ours is away that does the work (`TEMPORAL_AWAY`,"
              + " `WORKERS_AWAY`): the set-up goes on by itself when it is back.")
  @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  SetupAnswer get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
    return view.get(caller.tenant(), SetupIds.read(id));
  }

  @Operation(
      summary = "Set-ups, newest first, without their steps",
      description = "`next` is the cursor of the next page; it is absent on the last one.")
  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  Page list(
      @Parameter(hidden = true) Caller caller,
      @RequestParam(defaultValue = "20") String limit,
      @RequestParam Optional<String> cursor) {
    int size = pageSize(limit);
    var found = view.newest(caller.tenant(), cursor.map(SetupController::cursor), size + 1);
    var items = found.subList(0, Math.min(size, found.size()));
    return new Page(
        items,
        found.size() > size ? Optional.of(items.getLast().id().toString()) : Optional.empty());
  }

  @Operation(
      summary = "Follow a set-up as server-sent events",
      description =
          "`snapshot` (the whole set-up), then `progress` (one step), `state` (state, attention,"
              + " proof) and `end`. Last-Event-ID resumes.")
  @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void events(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @Parameter(hidden = true) HttpServletResponse response) {
    stream.follow(caller.tenant(), SetupIds.read(id), SetupIds.lastEvent(lastEventId), response);
  }

  @Operation(
      summary = "End a set-up and take back what it made",
      description =
          "Nothing more is begun at once. Until `resumableUntil` it is HELD and can be taken back"
              + " with resume; then what it made is taken back. Twice is once. What was yours"
              + " before stays as it was.")
  @PostMapping(path = "/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ResponseEntity<SetupAnswer> cancel(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key) {
    var setup = SetupIds.read(id);
    orders.cancel(caller, setup, checked(key));
    return accepted(caller, setup);
  }

  @Operation(
      summary = "Give up a set-up that is DONE, and take back what it made",
      description =
          "Mail works on until `resumableUntil`; until then resume takes it back. After that the"
              + " domain leaves its server with its mailboxes, its records are withdrawn, and the"
              + " server is given up too unless another domain of yours is on it: on one that stays,"
              + " or is your own, mail that was received stays where it is. Of a domain that has moved, retire the set-up on its earlier server first;"
              + " the domain stays where it is then. Twice is once.")
  @PostMapping(path = "/{id}/retire", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ResponseEntity<SetupAnswer> retire(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key) {
    var setup = SetupIds.read(id);
    orders.retire(caller, setup, checked(key));
    return accepted(caller, setup);
  }

  @Operation(
      summary = "Take a cancel back, or that a set-up is given up",
      description =
          "While the set-up is HELD it goes on where it was; while it is DONE and given up, all of it"
              + " stays. Twice is once; harmless when it is neither.")
  @PostMapping(path = "/{id}/resume", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ResponseEntity<SetupAnswer> resume(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key) {
    var setup = SetupIds.read(id);
    orders.resume(caller, setup, checked(key));
    return accepted(caller, setup);
  }

  @Operation(
      summary = "Try at once what is stuck, with a correction if need be",
      description =
          "Harmless when nothing is stuck. The body may be empty, or hold another first login, a higher"
              + " budget, another key for the zone, or the yes to replacing foreign MX records.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "#/components/schemas/Correction"))))
  @PostMapping(path = "/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ResponseEntity<SetupAnswer> retry(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key,
      @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    var setup = SetupIds.read(id);
    var checkedKey = checked(key);
    var correction = CorrectionReader.read(LimitedBody.read(request, settings.maxBody()));
    orders.retry(caller, setup, checkedKey, correction);
    return accepted(caller, setup);
  }

  @Operation(
      summary = "Make a link to the set-up's page",
      description = "The link works in a browser without an API key, for this set-up only.")
  @PostMapping(path = "/{id}/view-link", produces = MediaType.APPLICATION_JSON_VALUE)
  ViewLinks.ViewLink viewLink(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
    var setup = SetupIds.read(id);
    view.get(caller.tenant(), setup);
    return links.make(caller.tenant(), setup);
  }

  private ResponseEntity<SetupAnswer> accepted(Caller caller, SetupId id) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/setups/" + id))
        .body(view.get(caller.tenant(), id));
  }

  private static String checked(@Nullable String key) {
    return IdempotencyKey.checked(key);
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

  private static SetupId cursor(String text) {
    try {
      return SetupId.of(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(
          List.of(new Fault("cursor", "is not one of ours; take `next` of the page before")));
    }
  }

  /// One page of set-ups.
  ///
  /// @param next cursor of the next page; absent on the last one
  record Page(List<SetupAnswer> items, Optional<String> next) {}
}
