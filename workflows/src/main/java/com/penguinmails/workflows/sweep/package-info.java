/// Account-wide sweeps: what is outside, against what the rows say.
@NullMarked
package com.penguinmails.workflows.sweep;

import org.jspecify.annotations.NullMarked;
