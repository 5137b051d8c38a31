package com.penguinmails.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static String render(String text, Map<String, ?> variables) {
    return new Template("main.cf", text).render(variables);
  }

  @Test
  void fillsInTextAndNumbers() {
    assertThat(render("a = {{host}}:{{port}}\n# $x\n", Map.of("host", "$1\\mx", "port", 25)))
        .isEqualTo("a = $1\\mx:25\n# $x\n");
  }

  @Test
  void takesSeveralLinesOnlyAloneOnALine() {
    assertThat(render("x\n{{rows}}\ny\n", Map.of("rows", "1\n2"))).isEqualTo("x\n1\n2\ny\n");
    assertThat(render("x\n{{rows}}\ny\n", Map.of("rows", ""))).isEqualTo("x\ny\n");
    assertThatThrownBy(() -> render("a = {{v}}\n", Map.of("v", "1\nmynetworks = 0.0.0.0/0")))
        .hasMessage("main.cf, line 1: v has a line break");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> render("{{a}} {{b}}", Map.of("a", "")))
        .hasMessage("main.cf, line 1: no variable b; known: [a]");
    assertThatThrownBy(() -> render("x", Map.of("a", "secret")))
        .hasMessage("main.cf does not use [a]");
    assertThatThrownBy(() -> render("x {{ a }}", Map.of())).isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> render("x {{a}}", Map.of("a", "b\u0000")))
        .hasMessageContaining("control character");
  }

  @Test
  void findsWhatLandsOnHosts() {
    assertThat(new Templates().text("host/step.sh")).contains("answer()");
    assertThatThrownBy(() -> new Templates().text("host/nothing"))
        .isInstanceOf(TemplateException.class);
  }
}
