/// Whole set-ups: the production worker and API on a world of real servers.
@NullMarked
package com.penguinmails.sandbox.setup;

import org.jspecify.annotations.NullMarked;
