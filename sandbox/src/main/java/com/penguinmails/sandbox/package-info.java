/// The provider world on one machine: real protocols, fed faults on purpose. Never on a production
/// class path.
@NullMarked
package com.penguinmails.sandbox;

import org.jspecify.annotations.NullMarked;
