@NullMarked
package com.penguinmails.api.decision;

import org.jspecify.annotations.NullMarked;
