package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.ports.network.Network;
import java.io.IOException;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/// A client that shows the whole answer of one server.
record Asking(Network network) {
  SimpleResolver client(Server server) {
    var client = new SimpleResolver(network.reach(server.address(), SimpleResolver.DEFAULT_PORT));
    client.setTimeout(Duration.ofSeconds(5));
    return client;
  }

  static Message question(String name, int type) {
    return Message.newQuery(Record.newRecord(WireRecords.name(name), type, DClass.IN));
  }

  /// With recursion desired.
  Message ask(Server server, String name, int type) throws IOException {
    return client(server).send(question(name, type));
  }

  /// Without.
  Message askOnly(Server server, String name, int type) throws IOException {
    var question = question(name, type);
    question.getHeader().unsetFlag(Flags.RD);
    return client(server).send(question);
  }
}
