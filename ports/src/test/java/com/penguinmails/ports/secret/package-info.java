/// What every adapter of this port keeps, and tests of what lives beside it.
@NullMarked
package com.penguinmails.ports.secret;

import org.jspecify.annotations.NullMarked;
