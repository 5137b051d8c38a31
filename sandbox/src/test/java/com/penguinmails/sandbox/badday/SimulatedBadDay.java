package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.world.Depth;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A class of tests about one fault in the simulated depth, where servers are bought. One after the
/// other: what is planned at the seller or the authority meets whoever calls next.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@BadDay(depth = Depth.SIMULATED)
@ResourceLock("seller and authority")
@interface SimulatedBadDay {}
