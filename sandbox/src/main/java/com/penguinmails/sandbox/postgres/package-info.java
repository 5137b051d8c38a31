/// A PostgreSQL server of our own, with its files on disk.
@NullMarked
package com.penguinmails.sandbox.postgres;

import org.jspecify.annotations.NullMarked;
