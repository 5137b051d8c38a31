/// Tests of the demo as its user meets it.
@NullMarked
package com.penguinmails.sandbox.demo;

import org.jspecify.annotations.NullMarked;
