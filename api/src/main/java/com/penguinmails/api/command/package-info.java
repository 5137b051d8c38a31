/// What commands that talk to a running API have in common.
@NullMarked
package com.penguinmails.api.command;

import org.jspecify.annotations.NullMarked;
