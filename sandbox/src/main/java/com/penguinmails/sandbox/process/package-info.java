/// Processes of other makers that the sandbox runs: found, started, watched and never left behind.
@NullMarked
package com.penguinmails.sandbox.process;

import org.jspecify.annotations.NullMarked;
