/// Tests of the decisions about certificates.
@NullMarked
package com.penguinmails.workflows.certificate;

import org.jspecify.annotations.NullMarked;
