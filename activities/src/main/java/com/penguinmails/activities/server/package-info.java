/// Work on hosts: message to port and store calls, and back as facts.
@NullMarked
package com.penguinmails.activities.server;

import org.jspecify.annotations.NullMarked;
