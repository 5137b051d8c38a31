/// Certificate authorities that speak ACME (RFC 8555).
@NullMarked
package com.penguinmails.ports.acme;

import org.jspecify.annotations.NullMarked;
