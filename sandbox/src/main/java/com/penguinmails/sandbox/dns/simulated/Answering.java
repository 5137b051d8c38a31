package com.penguinmails.sandbox.dns.simulated;

import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;

/// What a server says to a message, apart from how it is carried and signed.
@FunctionalInterface
interface Answering {
  /// @param signer name of the key that the message was signed with, and rightly so
  Message answer(Message query, Optional<Name> signer);

  /// The beginning of an answer: the question again, and nothing found yet.
  static Message reply(Message query, int rcode) {
    var asked = query.getHeader();
    var reply = new Message(asked.getID());
    var header = reply.getHeader();
    header.setOpcode(asked.getOpcode());
    header.setRcode(rcode);
    header.setFlag(Flags.QR);
    copy(asked, header, Flags.RD);
    copy(asked, header, Flags.CD);
    query
        .getSection(Section.QUESTION)
        .forEach(question -> reply.addRecord(question, Section.QUESTION));
    return reply;
  }

  private static void copy(Header from, Header to, int flag) {
    if (from.getFlag(flag)) {
      to.setFlag(flag);
    }
  }
}
