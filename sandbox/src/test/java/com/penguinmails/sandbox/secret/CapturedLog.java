package com.penguinmails.sandbox.secret;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Everything this process logs while it is open, in one file: ours at debug level, the others at
/// info.
final class CapturedLog implements AutoCloseable {
  private static final String OURS = "com.penguinmails";

  private final FileAppender<ILoggingEvent> appender = new FileAppender<>();
  private final Logger root;
  private final Logger ours;
  private final Level before;

  CapturedLog(Path file) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    ours = context.getLogger(OURS);
    before = root.getLevel();
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{30} %kvp %mdc %msg%n%ex{full}");
    encoder.start();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.INFO);
    ours.setLevel(Level.DEBUG);
  }

  Path file() {
    return Path.of(appender.getFile());
  }

  @Override
  public void close() {
    ours.setLevel(null);
    root.setLevel(before);
    root.detachAppender(appender);
    appender.stop();
  }
}
