package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.store.setup.ProgressFeed;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/// Follows a set-up as server-sent events (WHATWG HTML, 9.2): a `snapshot`, then `progress` per
/// changed step and `state` for everything else, `end` when it is over. The id of an event is the
/// number of the change it shows, so `Last-Event-ID` resumes without a gap. What is sent is read
/// from the rows: with every worker dead it still shows what is done. Whether one is there at all
/// rings no bell: that is seen at each heartbeat. Runs on the request's own virtual thread.
@Service
class SetupStream {
  private static final Logger log = LoggerFactory.getLogger(SetupStream.class);
  private static final int RECONNECT_MILLIS = 2_000;

  private final SetupView view;
  private final ProgressFeed feed;
  private final JsonMapper json;
  private final ApiSettings settings;
  private final Map<TenantId, Semaphore> places = new ConcurrentHashMap<>();
  private final Set<Semaphore> bells = ConcurrentHashMap.newKeySet();
  private volatile boolean isStopping;

  SetupStream(SetupView view, ProgressFeed feed, JsonMapper json, ApiSettings settings) {
    this.view = view;
    this.feed = feed;
    this.json = json;
    this.settings = settings;
  }

  /// Writes events until the set-up has ended or the reader is gone.
  ///
  /// @param lastSeen the last event the reader has; empty to begin with a snapshot
  void follow(TenantId tenant, SetupId id, OptionalLong lastSeen, HttpServletResponse response) {
    view.look(tenant, id, Long.MAX_VALUE); // somebody else's is answered before the stream begins
    var place = places.computeIfAbsent(tenant, _ -> new Semaphore(settings.maxStreamsPerTenant()));
    if (!place.tryAcquire()) {
      throw new ProblemException(
          ProblemType.TOO_MANY_STREAMS,
          "At most " + settings.maxStreamsPerTenant() + " event streams may be open.");
    }
    var bell = new Semaphore(0);
    bells.add(bell);
    try (var _ = feed.follow(id, _ -> bell.release())) {
      response.setContentType("text/event-stream;charset=UTF-8");
      response.setHeader("X-Accel-Buffering", "no"); // nginx would hold events back
      new Reader(tenant, id, lastSeen, response).serve(bell);
    } catch (IOException e) {
      log.atDebug().addKeyValue("setup", id).log("The reader of an event stream is gone");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      bells.remove(bell);
      place.release();
    }
  }

  /// Streams never end by themselves: they would hold up a graceful stop.
  @EventListener(ContextClosedEvent.class)
  void stop() {
    isStopping = true;
    bells.forEach(Semaphore::release);
  }

  /// One reader: what it has seen, and where to write.
  private final class Reader {
    private final TenantId tenant;
    private final SetupId id;
    private final HttpServletResponse response;
    private long seen;
    private boolean needsSnapshot;
    private String state = "";

    Reader(TenantId tenant, SetupId id, OptionalLong lastSeen, HttpServletResponse response) {
      this.tenant = tenant;
      this.id = id;
      this.response = response;
      needsSnapshot = lastSeen.isEmpty();
      seen = lastSeen.orElse(0);
    }

    void serve(Semaphore bell) throws IOException, InterruptedException {
      write("retry: " + RECONNECT_MILLIS + "\n\n");
      while (!isStopping) {
        if (look()) {
          return;
        }
        boolean rang = bell.tryAcquire(settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
        bell.drainPermits(); // several rings, one look
        if (!rang) {
          write(": alive\n\n");
        }
      }
    }

    /// @return whether the set-up has ended
    private boolean look() throws IOException {
      SetupView.Look look;
      try {
        look = view.look(tenant, id, needsSnapshot ? Long.MAX_VALUE : seen);
      } catch (DataAccessException | TransactionException e) {
        log.atWarn().addKeyValue("setup", id).setCause(e).log("Event stream: no database");
        write(": the database is away, trying again\n\n");
        return false;
      }
      if (needsSnapshot
          || seen > look.sequence()) { // or a number from another life of the database
        needsSnapshot = false;
        send("snapshot", look.sequence(), look.whole());
        state = json.writeValueAsString(State.of(look.whole()));
      } else {
        for (var step : look.changed()) {
          send("progress", step.sequence(), step);
        }
        var now = json.writeValueAsString(State.of(look.whole()));
        if (!now.equals(state)) {
          state = now;
          send("state", look.sequence(), State.of(look.whole()));
        }
      }
      seen = look.sequence();
      if (SetupView.isOver(look.whole().state(), look.whole().resumableUntil())) {
        send("end", seen, Map.of("state", look.whole().state()));
        return true;
      }
      return false;
    }

    private void send(String event, long sequence, Object data) throws IOException {
      write(
          "event: %s\nid: %d\ndata: %s\n\n"
              .formatted(event, sequence, json.writeValueAsString(data)));
    }

    private void write(String text) throws IOException {
      response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      response.flushBuffer();
    }
  }

  /// Everything but the steps.
  record State(
      Setup.State state,
      String stage,
      Optional<Instant> resumableUntil,
      List<SetupAnswer.Attention> attention,
      List<SetupAnswer.ZoneRecord> records,
      Optional<SetupAnswer.ProofAnswer> proof) {
    static State of(SetupAnswer setup) {
      return new State(
          setup.state(),
          setup.stage(),
          setup.resumableUntil(),
          setup.attention(),
          setup.records(),
          setup.proof());
    }
  }
}
