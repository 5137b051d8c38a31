/// Compares what is outside with what the rows say.
@NullMarked
package com.penguinmails.activities.sweep;

import org.jspecify.annotations.NullMarked;
