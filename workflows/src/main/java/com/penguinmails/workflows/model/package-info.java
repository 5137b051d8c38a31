/// The glossary as types: ids, names, addresses, references. Values check themselves where they are
/// made.
@NullMarked
package com.penguinmails.workflows.model;

import org.jspecify.annotations.NullMarked;
