/// Turns what went wrong outside into Temporal failures, in one class.
@NullMarked
package com.penguinmails.activities.failure;

import org.jspecify.annotations.NullMarked;
