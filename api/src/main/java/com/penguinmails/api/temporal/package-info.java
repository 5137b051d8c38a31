/// The connection to Temporal and its health.
@NullMarked
package com.penguinmails.api.temporal;

import org.jspecify.annotations.NullMarked;
