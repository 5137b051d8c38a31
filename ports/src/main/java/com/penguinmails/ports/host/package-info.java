/// A remote host: its contract, whatever the protocol.
@NullMarked
package com.penguinmails.ports.host;

import org.jspecify.annotations.NullMarked;
