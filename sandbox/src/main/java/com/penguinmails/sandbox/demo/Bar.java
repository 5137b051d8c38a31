package com.penguinmails.sandbox.demo;

import java.io.PrintWriter;
import java.util.concurrent.locks.ReentrantLock;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// The last line of a terminal: a bar of what takes long just now. Lines are printed above it.
/// Where there is no terminal there is no bar.
final class Bar implements AutoCloseable {
  private static final String ERASE_LINE = "\r\033[K"; // ECMA-48, 8.3.41
  private static final int WIDTH = 78;
  private static final int REDRAW_MILLIS = 200;

  private final PrintWriter out;
  private final boolean isTerminal;
  // The library's thread draws under a lock of its own, which closing a bar needs too: it must
  // never
  // wait for ours.
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ProgressBar bar;
  private String drawn = "";

  Bar(PrintWriter out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  /// Shows how far the thing of this name is; another name begins another bar.
  ///
  /// @param most what `now` will be at the end
  void show(String name, long now, long most) {
    if (!isTerminal) {
      return;
    }
    lock.lock();
    try {
      step(name, now, most);
    } finally {
      lock.unlock();
    }
  }

  private void step(String name, long now, long most) {
    if (bar != null && !bar.getTaskName().equals(name)) {
      remove();
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(most)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(REDRAW_MILLIS)
              .hideEta()
              .setMaxRenderedLength(WIDTH)
              .setConsumer(new LastLine())
              .build();
    }
    bar.stepTo(now);
  }

  /// Takes the bar of this name away, if it is the one that is shown.
  void done(String name) {
    lock.lock();
    try {
      if (bar != null && bar.getTaskName().equals(name)) {
        remove();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Prints above the bar.
  void print(String text) {
    lock.lock();
    try {
      out.print((drawn.isEmpty() ? "" : ERASE_LINE) + text + System.lineSeparator() + drawn);
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (bar != null) {
        remove();
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove() {
    var ended = bar;
    bar = null; // the library draws once more when it closes
    if (ended != null) {
      ended.close();
    }
    if (!drawn.isEmpty()) {
      out.print(ERASE_LINE);
      out.flush();
    }
    drawn = "";
  }

  private void draw(String text) {
    if (!lock.tryLock()) {
      return; // the next redraw is a moment away
    }
    try {
      if (bar != null) {
        drawn = text;
        out.print(ERASE_LINE + text);
        out.flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Where the library's own thread draws.
  private final class LastLine implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return WIDTH;
    }

    @Override
    public void accept(String text) {
      draw(text.stripTrailing());
    }

    @Override
    public void close() {}
  }
}
