package com.penguinmails.api.decision;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.store.decision.StoryStore;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Stories over HTTP, each page in one read-only transaction of its tenant.
@Tag(name = "Stories", description = "What happened and why, oldest first, in plain words")
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class StoryController {
  private static final int MAX_PAGE = 100;
  private static final String PAGES =
      "What was decided, by which rule and from what; what stood in the way and for how long; what"
          + " people said. Kept for good. `next` is the cursor of the next page; it is absent on the"
          + " last one.";

  private final Tenancy tenancy;
  private final StoryStore stories;
  private final Sentences sentences;

  StoryController(Tenancy tenancy, Sentences sentences) {
    this.tenancy = tenancy;
    this.stories = new StoryStore(tenancy);
    this.sentences = sentences;
  }

  @Operation(
      summary = "The story of a set-up, with that of its server, domain, certificate and mailboxes",
      description = PAGES)
  @GetMapping("/setups/{id}/story")
  StoryPage ofSetup(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @RequestParam(defaultValue = "50") String limit,
      @RequestParam Optional<String> cursor) {
    return page(caller, EntityKind.SETUP, "set-up", id, limit, cursor);
  }

  @Operation(summary = "The story of a server, with that of its certificate", description = PAGES)
  @GetMapping("/servers/{id}/story")
  StoryPage ofServer(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @RequestParam(defaultValue = "50") String limit,
      @RequestParam Optional<String> cursor) {
    return page(caller, EntityKind.SERVER, "server", id, limit, cursor);
  }

  @Operation(summary = "The story of a domain, with that of its mailboxes", description = PAGES)
  @GetMapping("/domains/{id}/story")
  StoryPage ofDomain(
      @Parameter(hidden = true) Caller caller,
      @PathVariable String id,
      @RequestParam(defaultValue = "50") String limit,
      @RequestParam Optional<String> cursor) {
    return page(caller, EntityKind.DOMAIN, "domain", id, limit, cursor);
  }

  private StoryPage page(
      Caller caller,
      EntityKind kind,
      String what,
      String id,
      String limit,
      Optional<String> cursor) {
    int size = pageSize(limit);
    var thing = uuid(id).orElseThrow(() -> ProblemException.notFound(what));
    return tenancy.reading(
        caller.tenant(),
        () -> {
          var entities = stories.entities(kind, thing);
          if (entities.isEmpty()) {
            throw ProblemException.notFound(what);
          }
          var found =
              stories.entries(entities, cursor.map(text -> known(text, entities)), size + 1);
          var items =
              found.stream().limit(size).map(entry -> StoryAnswer.of(entry, sentences)).toList();
          return new StoryPage(
              items,
              found.size() > size
                  ? Optional.of(items.getLast().id().toString())
                  : Optional.empty());
        });
  }

  private UUID known(String cursor, List<UUID> entities) {
    return uuid(cursor)
        .filter(entry -> stories.has(entities, entry))
        .orElseThrow(() ->
            ProblemException.invalid(
                List.of(
                    new Fault("cursor", "is not one of ours; take `next` of the page before"))));
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
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

  /// One page of a story.
  ///
  /// @param next cursor of the next page; absent on the last one
  record StoryPage(List<StoryAnswer> items, Optional<String> next) {}
}
