/// Servers and what they should be.
@NullMarked
package com.penguinmails.store.server;

import org.jspecify.annotations.NullMarked;
