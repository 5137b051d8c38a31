/// The sandbox' own probe host: where the proof's messages arrive.
@NullMarked
package com.penguinmails.sandbox.mail;

import org.jspecify.annotations.NullMarked;
