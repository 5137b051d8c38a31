/// A simulated machine: its disk, packages, units and accounts, and what it forgets when it is
/// switched off. Nothing here knows our helpers or steps.
@NullMarked
package com.penguinmails.sandbox.host.machine;

import org.jspecify.annotations.NullMarked;
