package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.world.Depth;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A class of tests about one fault in the simulated depth, where servers are bought.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@BadDay(depth = Depth.SIMULATED)
@interface SimulatedBadDay {}
