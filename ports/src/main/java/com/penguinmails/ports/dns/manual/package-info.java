/// Zones whose records a person enters.
@NullMarked
package com.penguinmails.ports.dns.manual;

import org.jspecify.annotations.NullMarked;
