/// Work on zones: message to port and store calls, and back as facts.
@NullMarked
package com.penguinmails.activities.domain;

import org.jspecify.annotations.NullMarked;
