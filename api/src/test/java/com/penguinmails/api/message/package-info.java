/// Tests of the catalogue.
@NullMarked
package com.penguinmails.api.message;

import org.jspecify.annotations.NullMarked;
