/// Tests of what sweeps find.
@NullMarked
package com.penguinmails.store.sweep;

import org.jspecify.annotations.NullMarked;
