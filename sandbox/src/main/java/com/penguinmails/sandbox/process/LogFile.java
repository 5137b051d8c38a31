package com.penguinmails.sandbox.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of everything in this process goes to a file: the screen belongs to the progress.
public final class LogFile {
  private LogFile() {}

  /// Before anything logs. The file's directory is made when it is not there.
  public static void use(Path file) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{30} %kvp %msg%n");
    encoder.start();
    var appender = new FileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
  }

  /// From now on only what is an error is written of this part.
  ///
  /// @param logger name of a logger, and of all below it
  public static void quiet(String logger) {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(logger).setLevel(Level.ERROR);
  }
}
