/// A strict renderer for the files that land on hosts.
@NullMarked
package com.penguinmails.templates;

import org.jspecify.annotations.NullMarked;
