/// Tests of what a domain's records should be.
@NullMarked
package com.penguinmails.workflows.domain;

import org.jspecify.annotations.NullMarked;
