package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.Delivered;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.PutOff;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.Returned;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works the queue off: each message when it is due, again after a pause while receivers put it
/// off, and back to its sender when they refuse it or it has waited too long.
final class MailDelivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MailDelivery.class);

  private final MailQueue queue;
  private final Clock clock;
  private final Supplier<Optional<Attempt>> attempts;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService alarm =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("mail-queue").factory());

  /// One round for one message, with the configuration of that moment.
  interface Attempt {
    MailConfiguration configuration();

    DeliveryOutcome deliver(QueuedMail mail, RawMessage message, String recipient);
  }

  /// @param attempts empty while the mail system is stopped; `start` goes on afterwards
  MailDelivery(MailQueue queue, Clock clock, Supplier<Optional<Attempt>> attempts) {
    this.queue = queue;
    this.clock = clock;
    this.attempts = attempts;
  }

  /// Takes up what waits. Doing so twice does no harm.
  void start() {
    queue.all().forEach(this::schedule);
  }

  void add(QueuedMail mail, RawMessage message) {
    queue.add(mail, message);
    schedule(mail);
  }

  /// Tries everything now, due or not.
  void flush() {
    queue.all().forEach(mail -> threads.execute(() -> attempt(mail.id(), true)));
  }

  private void schedule(QueuedMail mail) {
    var pause = Duration.between(Instant.now(clock), mail.due());
    try {
      var _ =
          alarm.schedule(
              () -> threads.execute(() -> attempt(mail.id(), false)),
              Math.max(0, pause.toMillis() + 1), // never before it is due
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // It is in its file, and tried at the next start.
    }
  }

  private void attempt(String id, boolean isEarly) {
    if (!underWay.add(id)) {
      return;
    }
    try {
      var mail = queue.find(id);
      if (mail.isPresent()
          && !alarm.isShutdown()
          && (isEarly || !Instant.now(clock).isBefore(mail.get().due()))) {
        var attempt = attempts.get();
        if (attempt.isPresent()) {
          attempt(mail.get(), attempt.get());
        }
      }
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).addKeyValue("id", id).log("Simulated mail could not be tried");
    } finally {
      underWay.remove(id);
    }
  }

  private void attempt(QueuedMail mail, Attempt attempt) {
    var message = queue.message(mail.id());
    var configuration = attempt.configuration();
    var gaveUp =
        !Instant.now(clock).isBefore(mail.arrived().plus(configuration.habits().givesUpAfter()));
    var left = new ArrayList<String>();
    var returned = new TreeMap<String, String>();
    for (var recipient : mail.recipients()) {
      switch (tried(attempt, mail, message, recipient)) {
        case Delivered _ -> {}
        case Returned(String why) -> returned.put(recipient, why);
        case PutOff(String why) -> {
          if (gaveUp) {
            returned.put(recipient, why);
          } else {
            left.add(recipient);
          }
        }
      }
    }
    if (!returned.isEmpty() && !mail.sender().isEmpty()) {
      var now = Instant.now(clock);
      add(
          new QueuedMail(MailQueue.newId(), "", List.of(mail.sender()), now, now),
          Bounce.of(mail, message, returned, configuration, now));
    }
    if (left.isEmpty()) {
      queue.remove(mail.id());
    } else {
      var waiting =
          mail.waiting(left, Instant.now(clock).plus(configuration.habits().retryAfter()));
      queue.update(waiting);
      schedule(waiting);
    }
  }

  /// What goes wrong here must not lose the mail.
  private static DeliveryOutcome tried(
      Attempt attempt, QueuedMail mail, RawMessage message, String recipient) {
    try {
      return attempt.deliver(mail, message, recipient);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).addKeyValue("id", mail.id()).log("Simulated mail was put off");
      return new PutOff("the simulation failed");
    }
  }

  /// Waits for what is under way; nothing new begins.
  @Override
  public void close() {
    alarm.shutdownNow();
    Ending.await(threads);
  }
}
