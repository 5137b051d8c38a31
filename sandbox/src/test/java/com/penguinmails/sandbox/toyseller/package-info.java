/// A seller of servers that was added as `docs/providers/adding.md` says, to keep it true.
@NullMarked
package com.penguinmails.sandbox.toyseller;

import org.jspecify.annotations.NullMarked;
