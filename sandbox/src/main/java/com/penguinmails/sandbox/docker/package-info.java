/// The sandbox at Docker depth: images made here, networks with fixed addresses, and hosts that
/// boot systemd as a bare VPS does.
@NullMarked
package com.penguinmails.sandbox.docker;

import org.jspecify.annotations.NullMarked;
