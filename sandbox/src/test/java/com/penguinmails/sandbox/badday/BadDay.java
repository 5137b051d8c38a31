package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.world.Depth;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A class of tests about one fault. Those on Docker hosts share one world and one running product,
/// side by side, so each has its own domain and host, and disturbs nobody else's; a simulated world
/// is a test's own until it ends.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedProduct.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(900)
@interface BadDay {
  Depth depth() default Depth.DOCKER;
}
