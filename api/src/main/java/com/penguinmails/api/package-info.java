/// The process that serves people and programs.
@NullMarked
package com.penguinmails.api;

import org.jspecify.annotations.NullMarked;
