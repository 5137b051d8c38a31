/// What happened and why, in plain words, from rows alone.
@NullMarked
package com.penguinmails.api.decision;

import org.jspecify.annotations.NullMarked;
