/// Tests of our ACME client against the real Pebble.
@NullMarked
package com.penguinmails.sandbox.acme;

import org.jspecify.annotations.NullMarked;
