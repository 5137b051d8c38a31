/// Set-ups: asking for one, following it, cancelling and retrying it.
@NullMarked
package com.penguinmails.api.setup;

import org.jspecify.annotations.NullMarked;
