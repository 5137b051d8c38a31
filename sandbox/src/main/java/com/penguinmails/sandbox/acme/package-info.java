/// The sandbox's certificate authority: the real Pebble, with faults in front of it where wanted.
@NullMarked
package com.penguinmails.sandbox.acme;

import org.jspecify.annotations.NullMarked;
