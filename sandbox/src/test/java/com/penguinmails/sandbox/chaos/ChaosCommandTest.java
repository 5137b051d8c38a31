package com.penguinmails.sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What is typed wrong is refused before anything is started.
class ChaosCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --seed=many       | '--seed'
          --seed=-1         | --seed takes 0 to 999999999
          --runs=0          | --runs takes 1 to 1000000
          --seeds=1-300     | --seeds takes two whole numbers: 1..300
          --seeds=300..1    | --seeds: 300 comes after 1
          --at-once=100     | --at-once takes 1 to 16
          --deaths-every=1  | --deaths-every takes 4 to 3600 seconds
          --fault=Order.Buy | --fault: "Order.Buy" is no fault: Order.Buy:ANSWER_LOST is one
          --fault=Order.Pay:SLOW | --fault: no activity is called "Order.Pay": there are Certificate.
          --fault=Order.Buy:FIRE | --fault: no fault is called "FIRE": there are [FAILS_BEFORE, ANSWER_LOST
          --seeds=1..5 --seed=3 | --seeds says which runs: not with --runs or --seed
          --seeds=0..999999999 | --seeds takes 1000000 of them at most
          --resume --fault=Order.Buy:SLOW | --resume goes on with runs that their seeds decide
          --file=/proc/no/runs.jsonl | --file: /proc/no/runs.jsonl cannot be written
          --plan=everything | Unknown option: '--plan=everything'
          """)
  void refuses(String options, String says) {
    var err = new StringWriter();

    int code =
        new CommandLine(new Chaos()).setErr(new PrintWriter(err, true)).execute(options.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(says);
  }
}
