/// Certificates, over all their renewals.
@NullMarked
package com.penguinmails.store.certificate;

import org.jspecify.annotations.NullMarked;
