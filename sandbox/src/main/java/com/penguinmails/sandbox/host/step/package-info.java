/// What our steps and `penguin-install` do to a simulated machine: the meaning of each script of
/// `infra-templates`, written once more over its state. Nothing is executed.
@NullMarked
package com.penguinmails.sandbox.host.step;

import org.jspecify.annotations.NullMarked;
