/// Where an address and a port are reached: the one seam between production and the sandbox.
@NullMarked
package com.penguinmails.ports.network;

import org.jspecify.annotations.NullMarked;
