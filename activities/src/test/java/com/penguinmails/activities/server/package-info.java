/// Making a server, seen from its edges.
@NullMarked
package com.penguinmails.activities.server;

import org.jspecify.annotations.NullMarked;
