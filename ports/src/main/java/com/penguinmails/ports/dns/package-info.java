/// Zones we write and resolvers we ask.
@NullMarked
package com.penguinmails.ports.dns;

import org.jspecify.annotations.NullMarked;
