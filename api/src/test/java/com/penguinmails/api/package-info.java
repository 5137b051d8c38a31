/// Tests of the API.
@NullMarked
package com.penguinmails.api;

import org.jspecify.annotations.NullMarked;
