/// The contract of remote hosts.
@NullMarked
package com.penguinmails.ports.host;

import org.jspecify.annotations.NullMarked;
