/// Bad days of a set-up, a class for each: a fault where the outside world makes it, the cause and
/// the next step for the tenant and for staff, and the set-up proved once the fault is lifted.
@NullMarked
package com.penguinmails.sandbox.badday;

import org.jspecify.annotations.NullMarked;
