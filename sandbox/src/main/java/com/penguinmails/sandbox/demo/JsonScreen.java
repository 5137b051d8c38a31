package com.penguinmails.sandbox.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.sandbox.world.Depth;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// For programs: one JSON object per line, `{"event": …, "data": …}`. Events of the set-up are the
/// API's own.
final class JsonScreen implements Screen {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final PrintWriter out;

  JsonScreen(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void line(String text) {
    print("message", text);
  }

  @Override
  public void isUp(String part, Duration took) {
    print("up", Map.of("part", part, "millis", took.toMillis()));
  }

  @Override
  public boolean event(String name, JsonNode data) {
    print(name, data);
    return !name.equals("end");
  }

  @Override
  public void end(JsonNode setup, Links links, Depth depth, Duration total) {
    print("depth", depth);
    print("links", links);
    print("result", setup);
  }

  private synchronized void print(String kind, Object data) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", kind);
    line.put("data", data);
    try {
      out.println(JSON.writeValueAsString(line));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
