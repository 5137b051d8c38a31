/// The life of one certificate.
@NullMarked
package com.penguinmails.workflows.certificate;

import org.jspecify.annotations.NullMarked;
