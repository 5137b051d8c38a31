/// Dynamic updates (RFC 2136) signed with TSIG (RFC 8945).
@NullMarked
package com.penguinmails.ports.dns.rfc2136;

import org.jspecify.annotations.NullMarked;
