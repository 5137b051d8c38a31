/// What others say about our addresses.
@NullMarked
package com.penguinmails.ports.reputation;

import org.jspecify.annotations.NullMarked;
