package com.penguinmails.store.setup;

import com.penguinmails.workflows.model.SetupId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says when a set-up's progress changed, to whoever follows it. Listens on one connection of its
/// own; after the database was lost it connects again and tells everyone to look again, because
/// what happened in between was not heard. An event says "look", never what changed: followers ask
/// [ProgressStore#changedAfter] under their tenant.
public final class ProgressFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProgressFeed.class);
  private static final String CHANNEL = "penguin_progress";
  private static final int LISTEN_MILLIS = 500;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DataSource source;
  private final Map<SetupId, List<Consumer<Event>>> followers = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread listener;

  /// @param source unpooled, as `penguin_app`: the connection is held for good
  public ProgressFeed(DataSource source) {
    this.source = source;
    listener = Thread.ofVirtual().name("progress-feed").start(this::listen);
  }

  /// What a follower is told.
  public enum Event {
    /// The set-up's progress, state or stage changed.
    CHANGED,
    /// Something may have been missed.
    RESYNC
  }

  /// Follows one set-up until the answer is closed. The first event is a `RESYNC` once the feed
  /// listens. The follower is called on the feed's thread: it must not block.
  public Following follow(SetupId setup, Consumer<Event> follower) {
    followers.compute(
        setup,
        (id, list) -> {
          var all = list == null ? new CopyOnWriteArrayList<Consumer<Event>>() : list;
          all.add(follower);
          return all;
        });
    return () ->
        followers.computeIfPresent(
            setup,
            (id, list) -> {
              list.remove(follower);
              return list.isEmpty() ? null : list;
            });
  }

  /// Ends one following. Safe to repeat.
  @FunctionalInterface
  public interface Following extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public void close() {
    closed.countDown();
    listener.interrupt();
  }

  private void listen() {
    while (closed.getCount() > 0) {
      try (var connection = source.getConnection()) {
        listenOn(connection);
      } catch (SQLException e) {
        log.atWarn()
            .addKeyValue("state", e.getSQLState())
            .log("Progress feed lost the database; connecting again");
      }
      pause();
    }
  }

  private void listenOn(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (var statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
    }
    followers.values().forEach(list -> tell(list, Event.RESYNC));
    var postgres = connection.unwrap(PGConnection.class);
    while (closed.getCount() > 0) {
      var notifications = postgres.getNotifications(LISTEN_MILLIS);
      for (var notification : notifications) {
        var setup = new SetupId(UUID.fromString(notification.getParameter()));
        tell(followers.getOrDefault(setup, List.of()), Event.CHANGED);
      }
    }
  }

  private static void tell(List<Consumer<Event>> list, Event event) {
    for (var follower : list) {
      try {
        follower.accept(event);
      } catch (RuntimeException e) {
        log.atWarn().setCause(e).log("A follower of progress failed; the others are told");
      }
    }
  }

  private void pause() {
    try {
      if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atDebug().log("Progress feed closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }
}
