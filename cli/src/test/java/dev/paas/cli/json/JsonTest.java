package dev.paas.cli.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void charactersThatCannotBeSeenAreWrittenOut() {
    assertThat(Json.write("a\u202eb\u001bc\u009b")).isEqualTo("\"a\\u202eb\\u001Bc\\u009b\"");
    assertThat(Json.seen("{\"ö\":\"\u200b\"}\n")).isEqualTo("{\"ö\":\"\\u200b\"}\n");
  }

  @Test
  void whatIsReadIsWrittenTheSame() throws Exception {
    String text = "{\"a\":[1,true,null,\"ö\\n\"],\"b\":{\"c\":-2}}";
    assertThat(Json.write(Json.parse(text).value())).isEqualTo(text);
  }

  @Test
  void absentAndForeignValuesAreEmpty() throws Exception {
    Json json = Json.parse("{\"n\": 3, \"nothing\": null}");
    assertThat(json.text("absent")).isEmpty();
    assertThat(json.text("nothing")).isEmpty();
    assertThat(json.text("n")).isEqualTo("3");
    assertThat(json.number("nothing")).isZero();
    assertThat(json.get("n").items()).isEmpty();
    assertThat(json.get("a").get("b").isNull()).isTrue();
  }

  @Test
  void bombsAreRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Json.parse("{\"a\": ")).isInstanceOf(IOException.class);
  }
}
