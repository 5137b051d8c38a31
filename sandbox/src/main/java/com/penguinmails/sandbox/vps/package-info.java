/// A simulated seller of servers that speaks Hostwinds' API.
@NullMarked
package com.penguinmails.sandbox.vps;

import org.jspecify.annotations.NullMarked;
