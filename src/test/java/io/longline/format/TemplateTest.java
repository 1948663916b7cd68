package io.longline.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.model.Payload;
import io.longline.model.WebhookFormat;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final Payload EVENT = event(
            "{\"name\":\"A\\\"b\",\"none\":null,\"yes\":true,\"no\":false,\"zero\":0,\"price\":1.50,\"big\":1E+400,"
                    + "\"list\":[\"x\",null,{\"k\":1}],\"empty\":[],\"inner\":{\"deep\":{\"v\":7}}}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {{event}} {{id}}                       | order.created evt_1
        {{data.name}}                          | A\\"b
        {{{data.name}}}                        | A"b
        {{data.price}} {{data.big}}            | 1.50 1E+400
        [{{data.none}}{{data.missing}}{{x.y}}] | []
        {{#data.yes}}y{{/data.yes}}            | y
        [{{#data.no}}n{{/data.no}}]            | []
        {{^data.empty}}e{{/data.empty}}        | e
        {{#data.list}}<{{.}}>{{/data.list}}    | <x><><{\\"k\\":1}>
        {{#data.inner}}{{deep.v}}{{/data.inner}} | 7
        {{{data.inner}}}                       | {"deep":{"v":7}}
        {{! said nothing }}a                   | a
        {{data.name.length}}{{data.class}}{{data.inner.getClass}}b | b""")
    void values_standAsWritten(String text, String expected) throws Exception {
        assertThat(new Template(text, Escapes.JSON).render(EVENT)).isEqualTo(expected);
    }

    @Test
    void slacksMarkup_cannotComeFromAValue() throws Exception {
        byte[] body = Formats.of(WebhookFormat.SLACK, "{\"text\":\"*{{data.text}}*\"}", Map.of())
                .render(event("{\"text\":\"<!channel> \\\"now\\\" & here\"}"))
                .bytes();

        assertThat(new ObjectMapper().readTree(body).path("text").asText())
                .isEqualTo("*&lt;!channel&gt; \"now\" &amp; here*");
    }

    @Test
    void otherMediaTypes_haveTheirOwnEscapes() throws Exception {
        assertThat(render("a={{data.name}}", "application/x-www-form-urlencoded"))
                .isEqualTo("a=A%22b");
        assertThat(render("{{data.name}} <", "text/plain; charset=utf-8")).isEqualTo("A\"b <");
    }

    private static String render(String template, String contentType) throws Exception {
        return Formats.of(WebhookFormat.TEMPLATE, template, Map.of("content-type", contentType))
                .render(EVENT)
                .text();
    }

    @Test
    void whatNeverEnds_isEnded() throws Exception {
        String numbers = "1,".repeat(999) + "1";
        Payload payload = event("{\"a\":[" + numbers + "]}");
        Template loops =
                new Template("\n{{#data.a}}{{#data.a}}{{#data.a}}{{/data.a}}{{/data.a}}{{/data.a}}", Escapes.JSON);
        Template grows =
                new Template("{{#data.a}}{{#data.a}}" + "x".repeat(1_000) + "{{/data.a}}{{/data.a}}", Escapes.JSON);
        Template deep = new Template("{{#data}}".repeat(800) + "{{/data}}".repeat(800), Escapes.JSON);

        assertThatThrownBy(() -> loops.render(payload)).hasMessageContaining("steps");
        assertThatThrownBy(() -> grows.render(payload)).hasMessageContaining("more than 262144 characters");
        assertThatThrownBy(() -> deep.render(payload)).hasMessageContaining("steps");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "{{#a}}",
                "{{/a}}",
                "{{{a}}",
                "{{a}",
                "x {{a",
                "{{a} {{b}}",
                "{{#a}}{{b}{{/a}}",
                "{{}}",
                "{{>a}}",
                "{{<a}}{{/a}}",
                "{{$a}}{{/a}}",
                "{{=a=}}"
            })
    void whatDoesNotParse_hasAFault(String text) {
        assertThat(Template.fault(text)).isPresent().get().asString().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\": 1.0}",
                "[ ]",
                "0",
                "-1.5e10",
                "true",
                "null",
                "\"a\\u00e4,\\\"}\"",
                "{\"data\":{\"data\":1}}"
            })
    void raw_isTheDataByteForByte(String data) throws Exception {
        assertThat(Formats.of(WebhookFormat.RAW, null, Map.of())
                        .render(event(data))
                        .text())
                .isEqualTo(data);
    }

    private static Payload event(String data) {
        String json =
                "{\"id\":\"evt_1\",\"event\":\"order.created\",\"timestamp\":\"2026-01-31T12:00:00.000Z\",\"data\":"
                        + data + ",\"metadata\":{}}";
        return Payload.of(json.getBytes(StandardCharsets.UTF_8));
    }
}
