/// Chaos: the production worker in a simulated world, in which each attempt of each activity may go
/// wrong in a way that its seed chooses, and what has to be true after every run all the same.
@NullMarked
package com.penguinmails.sandbox.chaos;

import org.jspecify.annotations.NullMarked;
