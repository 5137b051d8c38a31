/// Work with certificate authorities: message to port and store calls, and back as facts.
@NullMarked
package com.penguinmails.activities.certificate;

import org.jspecify.annotations.NullMarked;
