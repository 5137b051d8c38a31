/// Tests of certificates, on a database.
@NullMarked
package com.penguinmails.activities.certificate;

import org.jspecify.annotations.NullMarked;
