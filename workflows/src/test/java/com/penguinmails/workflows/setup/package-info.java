/// Set-ups against Temporal's in-memory server and a world kept in memory.
@NullMarked
package com.penguinmails.workflows.setup;

import org.jspecify.annotations.NullMarked;
