/// One tenant's run through the wizard, from go to proof.
@NullMarked
package com.penguinmails.workflows.setup;

import org.jspecify.annotations.NullMarked;
