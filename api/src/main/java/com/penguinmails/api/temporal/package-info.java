/// The connection to Temporal, its health, and whether those who do the work are there.
@NullMarked
package com.penguinmails.api.temporal;

import org.jspecify.annotations.NullMarked;
