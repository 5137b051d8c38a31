/// Tests of what Hostwinds' API is known to say.
@NullMarked
package com.penguinmails.ports.vps.hostwinds;

import org.jspecify.annotations.NullMarked;
