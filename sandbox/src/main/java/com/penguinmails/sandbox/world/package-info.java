/// One provider world: every server the orchestrator talks to, on one machine.
@NullMarked
package com.penguinmails.sandbox.world;

import org.jspecify.annotations.NullMarked;
