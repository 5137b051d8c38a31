/// Who sells servers.
@NullMarked
package com.penguinmails.ports.vps;

import org.jspecify.annotations.NullMarked;
