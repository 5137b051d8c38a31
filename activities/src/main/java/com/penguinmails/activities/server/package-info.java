/// Making a server: first contact and what is brought to the host.
@NullMarked
package com.penguinmails.activities.server;

import org.jspecify.annotations.NullMarked;
