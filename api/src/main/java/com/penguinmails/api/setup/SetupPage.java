package com.penguinmails.api.setup;

import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.workflows.model.TenantId;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// A set-up's page for people with a signed link.
@Hidden
@RestController
class SetupPage {
  private final ViewLinks links;
  private final SetupStream stream;

  SetupPage(ViewLinks links, SetupStream stream) {
    this.links = links;
    this.stream = stream;
  }

  /// People get a page in either case: without a link of ours, one that tells how to come by it.
  @GetMapping(path = "/setups/{id}", produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<Resource> page(
      @PathVariable String id,
      @RequestParam(defaultValue = "") String tenant,
      @RequestParam(defaultValue = "") String until,
      @RequestParam(defaultValue = "") String signature) {
    boolean isOurs = isOurs(id, tenant, until, signature);
    var status = isOurs ? HttpStatus.OK : ProblemType.LINK_ENDED.status();
    return ResponseEntity.status(status)
        .body(new ClassPathResource(isOurs ? "pages/setup.html" : "pages/link-ended.html"));
  }

  private boolean isOurs(String id, String tenant, String until, String signature) {
    try {
      links.check(
          new TenantId(UUID.fromString(tenant)),
          SetupIds.read(id),
          Long.parseLong(until),
          signature);
      return true;
    } catch (ProblemException | IllegalArgumentException notOurs) {
      return false;
    }
  }

  @GetMapping(path = "/setups/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void events(
      @PathVariable String id,
      @RequestParam UUID tenant,
      @RequestParam long until,
      @RequestParam String signature,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletResponse response) {
    var setup = SetupIds.read(id);
    links.check(new TenantId(tenant), setup, until, signature);
    stream.follow(new TenantId(tenant), setup, SetupIds.lastEvent(lastEventId), response);
  }
}
