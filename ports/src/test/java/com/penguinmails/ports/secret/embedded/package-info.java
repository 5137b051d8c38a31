/// Tests of the embedded secret store.
@NullMarked
package com.penguinmails.ports.secret.embedded;

import org.jspecify.annotations.NullMarked;
