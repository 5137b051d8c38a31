/// Hostwinds Cloud.
@NullMarked
package com.penguinmails.ports.vps.hostwinds;

import org.jspecify.annotations.NullMarked;
