/// Decisions about servers.
@NullMarked
package com.penguinmails.workflows.server;

import org.jspecify.annotations.NullMarked;
