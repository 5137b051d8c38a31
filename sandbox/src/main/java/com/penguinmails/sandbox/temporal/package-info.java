/// A real Temporal server on this machine.
@NullMarked
package com.penguinmails.sandbox.temporal;

import org.jspecify.annotations.NullMarked;
