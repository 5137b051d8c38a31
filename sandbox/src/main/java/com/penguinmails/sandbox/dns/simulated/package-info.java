/// The DNS of a sandbox as a simulation inside this process: servers of our own on loopback that
/// speak real DNS over UDP and TCP, keep their zones in files and answer from them. It is no BIND:
/// what it does not know (DNSSEC, zone transfers, views) it refuses.
@NullMarked
package com.penguinmails.sandbox.dns.simulated;

import org.jspecify.annotations.NullMarked;
