/// Domains, their DKIM keys and records, and the leases of their zones.
@NullMarked
package com.penguinmails.store.domain;

import org.jspecify.annotations.NullMarked;
