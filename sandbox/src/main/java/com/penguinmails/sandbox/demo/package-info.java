/// The main job, embedded: one tenant set up end to end, shown live.
@NullMarked
package com.penguinmails.sandbox.demo;

import org.jspecify.annotations.NullMarked;
