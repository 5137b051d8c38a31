package com.penguinmails.sandbox.dns.simulated;

import com.penguinmails.sandbox.dns.simulated.DnsFaults.Fault;
import com.penguinmails.sandbox.dns.simulated.DnsPort.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

/// One server: reads a message, checks its signature (RFC 8945), meets the planned fault, has it
/// answered, and sends the answer signed and no longer than the client takes (RFC 6891).
final class SimulatedServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedServer.class);
  private static final int PLAIN_UDP = 512; // octets, RFC 1035, 4.2.1
  private static final int UDP = 1232; // octets, what BIND and unbound send at most
  private static final int TCP = 65_535;
  // dnsjava leaves room for a MAC of 16 octets; the longest, of hmac-sha512, has 64.
  private static final int ROOM_FOR_MAC = 48;
  private static final int BADVERS_HIGH = 1; // 16 = 1 << 4, RFC 6891, 6.1.3

  private final Server server;
  private final Answering answering;
  private final Function<Name, Optional<TSIG>> keys;
  private final DnsFaults faults;
  private final DnsPort port;

  /// @param keys those this server knows, by name
  SimulatedServer(
      Server server,
      InetSocketAddress at,
      Answering answering,
      Function<Name, Optional<TSIG>> keys,
      DnsFaults faults) {
    this.server = server;
    this.answering = answering;
    this.keys = keys;
    this.faults = faults;
    port = DnsPort.open(at, this::serve);
  }

  @Override
  public void close() {
    port.close();
  }

  private Reply serve(byte[] octets, boolean isTcp) throws InterruptedException {
    var read = read(octets);
    if (read.isEmpty()) {
      return notReadable(octets);
    }
    var query = read.get();
    if (query.getHeader().getFlag(Flags.QR)) {
      return new Reply.Nothing();
    }
    var tsig = query.getTSIG();
    if (tsig == null) {
      return meetFault(new Asked(query, isTcp, Optional.empty()));
    }
    var key = keys.apply(tsig.getName());
    int error = key.map(known -> known.verify(query, octets, null)).orElse(Rcode.BADKEY);
    return switch (error) {
      case Rcode.NOERROR -> meetFault(new Asked(query, isTcp, key));
      case Rcode.BADTIME -> {
        var reply = Answering.reply(query, Rcode.NOTAUTH);
        reply.setTSIG(key.orElseThrow(), Rcode.BADTIME, tsig);
        yield new Reply.Octets(reply.toWire(TCP));
      }
      default -> new Reply.Octets(notSigned(query, tsig, error).toWire(TCP));
    };
  }

  private static Optional<Message> read(byte[] octets) {
    try {
      return Optional.of(new Message(octets));
    } catch (IOException | RuntimeException e) { // whatever a stranger sends
      return Optional.empty();
    }
  }

  private Reply meetFault(Asked asked) throws InterruptedException {
    var fault = faults.next(server, asked.query());
    if (fault.isEmpty()) {
      return said(asked, answered(asked));
    }
    return switch (fault.get()) {
      case Fault.Servfail() -> said(asked, Answering.reply(asked.query(), Rcode.SERVFAIL));
      case Fault.Refuse() -> said(asked, Answering.reply(asked.query(), Rcode.REFUSED));
      case Fault.Silence() -> new Reply.Nothing();
      case Fault.Late(var delay) -> {
        var answer = answered(asked);
        Thread.sleep(delay);
        yield said(asked, answer);
      }
      case Fault.AnswerLost() -> {
        var _ = answered(asked);
        yield new Reply.Cut();
      }
    };
  }

  private Message answered(Asked asked) {
    var opt = asked.query().getOPT();
    if (opt != null && opt.getVersion() != 0) {
      return Answering.reply(asked.query(), Rcode.NOERROR); // the code is in the OPT record
    }
    try {
      return answering.answer(asked.query(), asked.signer());
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("server", server).setCause(e).log("A question was not answered");
      return Answering.reply(asked.query(), Rcode.SERVFAIL);
    }
  }

  private static Reply said(Asked asked, Message reply) {
    int limit = TCP;
    var opt = asked.query().getOPT();
    if (!asked.isTcp()) {
      limit = opt == null ? PLAIN_UDP : Math.clamp(opt.getPayloadSize(), PLAIN_UDP, UDP);
    }
    if (opt != null) {
      int high = opt.getVersion() == 0 ? 0 : BADVERS_HIGH;
      int flags = opt.getFlags() & ExtendedFlags.DO; // echoed (RFC 3225, 3)
      reply.addRecord(new OPTRecord(UDP, high, 0, flags), Section.ADDITIONAL);
    }
    if (asked.key().isPresent()) {
      reply.setTSIG(asked.key().get(), Rcode.NOERROR, asked.query().getTSIG());
      limit -= ROOM_FOR_MAC;
    }
    return new Reply.Octets(reply.toWire(limit));
  }

  /// A key that is unknown here, or a signature that is wrong: said without a signature, since
  /// there is nothing to sign with (RFC 8945, 5.3.2).
  private static Message notSigned(Message query, TSIGRecord tsig, int error) {
    var reply = Answering.reply(query, Rcode.NOTAUTH);
    reply.addRecord(
        new TSIGRecord(
            tsig.getName(),
            DClass.ANY,
            0,
            tsig.getAlgorithm(),
            tsig.getTimeSigned(),
            tsig.getFudge(),
            new byte[0],
            query.getHeader().getID(),
            error,
            new byte[0]),
        Section.ADDITIONAL);
    return reply;
  }

  /// FORMERR to whom sent at least a header.
  private static Reply notReadable(byte[] octets) {
    try {
      var asked = new Header(octets);
      var reply = new Message(asked.getID());
      reply.getHeader().setFlag(Flags.QR);
      reply.getHeader().setOpcode(asked.getOpcode());
      reply.getHeader().setRcode(Rcode.FORMERR);
      return asked.getFlag(Flags.QR)
          ? new Reply.Nothing()
          : new Reply.Octets(reply.toWire(PLAIN_UDP));
    } catch (IOException tooShort) {
      return new Reply.Nothing();
    }
  }

  /// @param key that the query was signed with
  private record Asked(Message query, boolean isTcp, Optional<TSIG> key) {
    private Optional<Name> signer() {
      return key.map(_ -> query.getTSIG().getName());
    }
  }
}
