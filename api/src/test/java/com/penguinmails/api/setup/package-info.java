/// Tests of reading requests.
@NullMarked
package com.penguinmails.api.setup;

import org.jspecify.annotations.NullMarked;
