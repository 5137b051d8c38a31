package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.edge.IdempotencyKey;
import com.penguinmails.api.edge.LimitedBody;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.workflows.model.PlanId;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Plans over HTTP: what a set-up would do, before anything is done.
@Tag(name = "Plans", description = "What a set-up would do and cost, found by rehearsing it")
@RestController
class PlanController {
  private static final String YES = "true";

  private final CreateSetupReader reader;
  private final PlanOrders orders;
  private final PlanView view;
  private final ApiSettings settings;

  PlanController(CreateSetupReader reader, PlanOrders orders, PlanView view, ApiSettings settings) {
    this.reader = reader;
    this.orders = orders;
    this.view = view;
    this.settings = settings;
  }

  @Hidden // of the same address and method as an order; said there
  @PostMapping(
      path = "/api/v1/setups",
      params = "dryRun=" + YES,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<PlanAnswer> rehearse(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      HttpServletRequest request)
      throws IOException {
    var checkedKey = IdempotencyKey.checked(key);
    var body = LimitedBody.read(request, settings.maxBody());
    var plan = orders.rehearse(caller, checkedKey, reader.read(body), body).id();
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/plans/" + plan))
        .body(view.get(caller.tenant(), plan));
  }

  @Operation(
      summary = "One plan: steps, effects, price, minutes, risks",
      description = "Whole when its state is READY, after some seconds.")
  @GetMapping(path = "/api/v1/plans/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  PlanAnswer get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
    return view.get(caller.tenant(), read(id));
  }

  /// Whoever mistypes a dry run must not buy a server.
  static void refuseDoubt(Optional<String> dryRun) {
    if (dryRun.isPresent() && !dryRun.get().equals("false")) {
      throw ProblemException.invalid(
          List.of(new Fault("dryRun", "must be true or false; nothing was ordered")));
    }
  }

  /// The plan to go ahead from; empty when the body is an order of its own.
  static Optional<PlanId> planIn(byte[] body) {
    var faults = new ArrayList<Fault>();
    var request = JsonBody.read(body, faults);
    if (!request.has("plan")) {
      return Optional.empty();
    }
    var plan = request.required("plan", 36, "is missing: which plan?");
    request.refuseUnknown();
    if (!faults.isEmpty()) {
      throw ProblemException.invalid(faults);
    }
    return plan.map(PlanController::read);
  }

  private static PlanId read(String text) {
    try {
      return PlanId.of(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.notFound("plan");
    }
  }
}
