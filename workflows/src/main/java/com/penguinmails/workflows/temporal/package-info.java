/// How our workflows use Temporal: queues, ids, profiles, search attributes.
@NullMarked
package com.penguinmails.workflows.temporal;

import org.jspecify.annotations.NullMarked;
