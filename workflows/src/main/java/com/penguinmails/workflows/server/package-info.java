/// The life of one server.
@NullMarked
package com.penguinmails.workflows.server;

import org.jspecify.annotations.NullMarked;
