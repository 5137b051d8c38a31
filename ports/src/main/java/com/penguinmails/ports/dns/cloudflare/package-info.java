/// Zones kept at Cloudflare.
@NullMarked
package com.penguinmails.ports.dns.cloudflare;

import org.jspecify.annotations.NullMarked;
