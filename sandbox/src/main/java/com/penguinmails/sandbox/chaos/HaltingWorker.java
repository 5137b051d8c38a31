package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.chaos.Aims.Moment;
import com.penguinmails.worker.WorkerApplication;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.support.GenericApplicationContext;

/// The production worker in a process of its own that halts, without a word to anybody, at the
/// first of the steps it was told: `Runtime.halt` in the middle of the work, before an activity or
/// after it.
public final class HaltingWorker {
  /// System property: a file with the steps at which to halt, one a line; none while it is not
  /// there.
  static final String AIMS = "penguin.chaos.aims";

  private static final String SUFFIX_OF_LAST_WORD = ".halted";
  private static final int HALTED = 99;

  private HaltingWorker() {}

  public static void main(String[] arguments) {
    var halting = new Halting(Path.of(System.getProperty(AIMS)));
    WorkerApplication.builder()
        .initializers((GenericApplicationContext context) ->
            context.registerBean(WorkerInterceptor.class, () -> halting))
        .run(arguments);
  }

  /// From now on it halts at one of these.
  static void aim(Path aims, Collection<String> steps) {
    try {
      var next = Path.of(aims + ".next");
      Files.write(next, steps);
      Files.move(next, aims, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("nobody can be told where to halt", e);
    }
  }

  /// Where it has halted; empty: it has not.
  static Optional<String> haltedAt(Path aims) {
    try {
      var word = lastWord(aims);
      return Files.exists(word) ? Optional.of(Files.readString(word)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("where a worker halted cannot be read", e);
    }
  }

  private static Path lastWord(Path aims) {
    return Path.of(aims + SUFFIX_OF_LAST_WORD);
  }

  private static final class Halting extends WorkerInterceptorBase {
    private final Path aims;

    Halting(Path aims) {
      this.aims = aims;
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
      return new ActivityInboundCallsInterceptorBase(next) {
        private String activity = "";

        @Override
        public void init(ActivityExecutionContext context) {
          activity = context.getInfo().getActivityType();
          super.init(context);
        }

        @Override
        public ActivityOutput execute(ActivityInput input) {
          halt(Aims.step(activity, Moment.BEFORE));
          var done = super.execute(input);
          halt(Aims.step(activity, Moment.AFTER));
          return done;
        }
      };
    }

    private void halt(String step) {
      try {
        if (Files.exists(aims) && Set.copyOf(Files.readAllLines(aims)).contains(step)) {
          Files.writeString(lastWord(aims), step);
          Runtime.getRuntime().halt(HALTED);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("where to halt cannot be read", e);
      }
    }
  }
}
