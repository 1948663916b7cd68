package io.longline.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.exchange.Draft.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of each kind of file; and what is said of one that cannot be read, without a word of what it holds. */
class FileFormatTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = FileFormatTest.class.getResourceAsStream("/exchange/" + name)) {
            return in.readAllBytes();
        }
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException fault) {
            throw new AssertionError(fault);
        }
    }

    private static Reading read(byte[] file) {
        return FileFormat.of(file).read(file);
    }

    /** What a draft says, with the numbers that a reader makes being any that are equal. */
    private static void assertSays(Draft draft, String expected) {
        assertThat(json(draft.fields().toString())).isEqualTo(json(expected));
    }

    @Test
    void csv_namesFieldsInItsFirstRow_andHasListsInCells() {
        Reading reading = read(bytes("""
                URL,events,secret,active,retry_count,retry_schedule,rate_limit,headers.X-Team,metadata,key
                https://a.example/,order.created;order.paid,s3cret,no,5,10 20,0.5,blue,"{""a"": 1}",one
                https://b.example/?q=1,Push Hook;,,,,,,,,
                "https://c.example/
                ",* x.*
                """));

        assertThat(reading.drafts()).extracting(Draft::place).containsExactly("row 2", "row 3", "row 4");
        assertThat(reading.drafts()).extracting(Draft::key).containsExactly("csv:one", null, null);
        assertSays(reading.drafts().get(0), """
                {'url':'https://a.example/','events':['order.created','order.paid'],'secret':'s3cret','active':false,
                 'retry_count':5,'retry_schedule':[10,20],'rate_limit':0.5,'headers':{'X-Team':'blue'},'metadata':{'a':1}}""");
        assertSays(reading.drafts().get(1), "{'url':'https://b.example/?q=1','events':['Push Hook']}");
        assertSays(reading.drafts().get(2), "{'url':'https://c.example/','events':['*','x.*']}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFurl,events\r\nhttps://a.example/,a\r\n",
                "url;events\nhttps://a.example/;a\n",
                "url\tevents\nhttps://a.example/\ta",
                "\"url\",\"events\"\n\n,\n\"https://a.example/\",\"a\"\n",
                "events,url\na,https://a.example/\n"
            })
    void csv_isTakenAsSpreadsheetsWriteIt(String text) {
        Reading reading = read(bytes(text));

        assertThat(reading.drafts()).hasSize(1);
        assertSays(reading.drafts().get(0), "{'url':'https://a.example/','events':['a']}");
    }

    @Test
    void csv_takesFormulasForWhatTheyAre() {
        Reading reading = read(bytes("url,description\n\"=HYPERLINK(\"\"x\"\")\",+1\n"));

        assertSays(reading.drafts().get(0), "{'url':'=HYPERLINK(\\u0022x\\u0022)','description':'+1'}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url,colour\\nx,red                      | row 1 | column 2     | does not name a field",
                "https://a/,a-secret,x\\n             | row 1 | column 1     | does not name a field",
                "url,url\\nx,y                           | row 1 | column 2     | an earlier one names",
                "events\\nx                              | row 1 | url          | must be among",
                "url,retry_count\\na,3\\nb,many-secret   | row 3 | retry_count  | must be a number",
                "url,active\\na,perhaps-secret           | row 2 | active       | must be true or false",
                "url,headers\\na,X: secret               | row 2 | headers      | must be a JSON object",
                "url,headers\\na,[]                      | row 2 | headers      | must be a JSON object",
                "url\\na\\nb,secret                      | row 3 | ''           | has 2 cells",
                "url,secret\\na,\"secret                 | row 2 | ''           | is not valid CSV",
            })
    void csv_thatCannotBeRead_saysWhere(String text, String place, String field, String detail) {
        byte[] file = bytes(text.strip().replace("\\n", "\n"));

        assertThatThrownBy(() -> read(file)).isInstanceOfSatisfying(UnreadableFileException.class, fault -> {
            assertThat(fault.place()).isEqualTo(place);
            assertThat(fault.field()).isEqualTo(field);
            assertThat(fault).hasMessageContaining(detail).message().doesNotContain("secret");
        });
    }

    @Test
    void csv_inAnotherEncoding_isRefused() throws IOException {
        ByteArrayOutputStream utf16 = new ByteArrayOutputStream();
        utf16.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xFE});
        utf16.writeBytes("url\n".getBytes(StandardCharsets.UTF_16LE));

        assertThatThrownBy(() -> read(utf16.toByteArray())).hasMessageContaining("UTF-16");
        assertThatThrownBy(() -> read("url,description\na,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("UTF-8");
    }

    @Test
    void files_holdABoundedNumberOfThings() {
        assertThatThrownBy(() -> read(bytes("url\n" + "x\n".repeat(Reading.MOST + 1))))
                .hasMessageContaining("one too many");
        assertThatThrownBy(() -> read(bytes("{\"webhooks\":[" + "{},".repeat(Reading.MOST) + "{}]}")))
                .hasMessageContaining("more than 12000");
    }

    @Test
    void ownExport_isReadAsItIs_withItsIdentifiersAsKeys() {
        Reading reading = read(bytes("""
                {"longline_export":1,"exported_at":"2026-01-31T12:00:00.000Z",
                 "sources":[{"name":"hub"}],"webhooks":[{"id":"wh_1","url":"x","metadata":{"n":1.10}}]}"""));

        assertThat(reading.drafts()).extracting(Draft::kind).containsExactly(Kind.SOURCE, Kind.WEBHOOK);
        assertThat(reading.drafts().get(1).key()).isEqualTo("longline:wh_1");
        assertThat(reading.drafts().get(1).fields())
                .hasToString("{\"id\":\"wh_1\",\"url\":\"x\",\"metadata\":{\"n\":1.10}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'longline_export':2}                    | must be 1",
                "{'longline_export':1,'hooks':[]}         | not a field",
                "{'webhooks':[1]}                         | must be an object",
                "{'webhooks':[{'a':1,'a':2}]}             | same key twice",
                "{'webhooks':[{'url':'secret]}            | not valid JSON",
                "{'webhooks':[]} []                       | something after",
                "{'hooks':[]}                             | no form that is known",
                "[1]                                      | no form that is known",
            })
    void json_thatCannotBeRead_saysWhy(String text, String detail) {
        assertThatThrownBy(() -> read(bytes(text.replace('\'', '"'))))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining(detail)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void json_thatGoesTooDeep_isRefused() {
        String deep = "{\"webhooks\":[" + "[".repeat(200) + "]".repeat(200) + "]}";

        assertThatThrownBy(() -> read(bytes(deep))).hasMessageContaining("limit");
    }

    @Test
    void svix_endpointsBecomeWebhooks() throws IOException {
        Reading reading = read(resource("svix.json"));

        assertThat(reading.drafts())
                .extracting(Draft::key)
                .containsExactly("svix:ep_2cQz6Wf0kAqGv0Y5d3rP1sT8uVw", "svix:ep_2cQz9hJmN1bK4xYt7fLr2cD6eRa", null);
        assertSays(reading.drafts().get(0), """
                {'url':'https://crm.example/hooks','events':['invoice.paid','invoice.voided'],'active':true,'format':'raw',
                 'description':'The CRM','metadata':{'team':'sales'},'rate_limit':25,'headers':{'X-Region':'eu'},
                 'secret':'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'}""");
        assertSays(reading.drafts().get(1), """
                {'url':'https://audit.example/all','events':['*'],'active':false,'format':'raw','metadata':{},
                 'secret':'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'}""");
        assertSays(reading.drafts().get(2), """
                {'name':'invoice.paid','description':'An invoice was paid',
                 'schema':{'type':'object','required':['id']}}""");
        assertThat(reading.warnings()).hasSize(3).anyMatch(line -> line.contains("channels"));
        assertThat(reading.warnings()).noneMatch(line -> line.contains("whsec"));
    }

    @Test
    void svix_aListResponseIsEnough() {
        Reading reading = read(bytes("""
                {"data":[{"id":"ep_1","url":"https://a.example/"}],"iterator":null,"done":true}"""));

        assertSays(reading.drafts().get(0), "{'url':'https://a.example/','events':['*'],'active':true,'format':'raw'}");
        assertThat(reading.warnings()).singleElement().asString().contains("no secret");
    }

    @Test
    void convoy_anEndpointWithItsSubscriptionsBecomesOneWebhook() throws IOException {
        Reading reading = read(resource("convoy.json"));

        assertThat(reading.drafts())
                .extracting(Draft::key)
                .containsExactly("convoy:01HPCQ7J5S3Q5VJ4T0Z7E9M2AB", "convoy:01HPCQ7J5S3Q5VJ4T0Z7E9M2AC");
        assertSays(reading.drafts().get(0), """
                {'url':'https://shop.example/hooks','events':['order.created','order.paid'],'format':'raw','active':true,
                 'description':'Shop','metadata':{'owner_id':'customer-17'},'secret':'the-secret-that-signs','timeout':20,
                 'rate_limit':5.0,'headers':{'X-Api-Key':'k-1'},'retry_count':3,'retry_delay':30,
                 'retry_schedule':[30,30,30]}""");
        assertSays(reading.drafts().get(1), """
                {'url':'https://old.example/in','events':['*'],'format':'raw','active':true,'paused':true,
                 'description':'Of an older version','timeout':300,'retry_count':10,'retry_delay':90}""");
        assertThat(reading.warnings()).allMatch(line -> !line.contains("secret-that") && !line.contains("k-1"));
        for (String told : List.of(
                "expired",
                "filter",
                "function",
                "told when it fails",
                "timeout",
                "retried 10",
                "no subscription",
                "X-Convoy-Signature")) {
            assertThat(reading.warnings()).anyMatch(line -> line.contains(told));
        }
    }
}
