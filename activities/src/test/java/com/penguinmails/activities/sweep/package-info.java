/// Tests of sweeps, on a database.
@NullMarked
package com.penguinmails.activities.sweep;

import org.jspecify.annotations.NullMarked;
