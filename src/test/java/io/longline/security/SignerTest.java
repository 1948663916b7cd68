package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Longline signs, judged by others: published vectors, the Standard Webhooks reference library, the JDK. */
class SignerTest {
    private static final String ID = "evt_01kg9e3p00e8fvzv7qk2x4m5n6";
    private static final Payload PAYLOAD = payload("{\"id\":\"evt_1\",\"data\":{\"price\":\"9 €\"}}");
    /** The reference library compares timestamps with the real clock. */
    private static final Instant NOW = Instant.now();

    private static final String OLD = WebhookSecret.generate(new Random(1));
    private static final String NEW = WebhookSecret.generate(new Random(2));

    @Test
    void standardSignature_isTheOneThatStandardWebhooksPublishes() {
        Signer signer = signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        String signature = signer.standardSignature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                payload("{\"test\": 2432232314}"));

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void bodySignature_isTheOneThatGitHubPublishes() {
        Signer signer = signer("It's a Secret to Everybody");

        String signature = signer.bodySignature(payload("Hello, World!"));

        assertThat(signature).isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    @Test
    void standardSignature_isAcceptedByTheReferenceLibrary() {
        String signature = signer(NEW).standardSignature(ID, NOW, PAYLOAD);

        assertAccepted(NEW, signature);
        assertRefused(OLD, signature);
    }

    /** A secret of another form is keyed with its UTF-8 bytes, which the reference library takes as raw bytes. */
    @Test
    void secretOfAnyOtherText_isKeyedWithItsUtf8Bytes() throws Exception {
        String secret = "grüße aus Köln";
        String signature = signer(secret).standardSignature(ID, NOW, PAYLOAD);
        Webhook receiver = new Webhook(secret.getBytes(StandardCharsets.UTF_8));

        assertThatCode(() -> receiver.verify(PAYLOAD.text(), headers(signature)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void referenceLibrary_acceptsWhateverSecretAndPayload(long seed) {
        Random chance = new Random(seed);

        for (int round = 0; round < 50; round++) {
            byte[] key = new byte[24 + chance.nextInt(41)];
            chance.nextBytes(key);
            String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
            Payload payload = payload("{\"data\":\"" + "é😀\\u0000x".repeat(chance.nextInt(200)) + "\"}");

            String signature = signer(secret).standardSignature(ID, NOW, payload);

            assertThatCode(() -> new Webhook(secret).verify(payload.text(), headers(signature)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void signature_coversIdTimestampAndEveryByteOfTheBody() {
        Signer signer = signer(NEW);

        assertThat(List.of(
                        String.valueOf(signer.standardSignature(ID, NOW, PAYLOAD)),
                        String.valueOf(signer.standardSignature(ID + "x", NOW, PAYLOAD)),
                        String.valueOf(signer.standardSignature(ID, NOW.plusSeconds(1), PAYLOAD)),
                        String.valueOf(signer.standardSignature(ID, NOW, payload(PAYLOAD.text() + " ")))))
                .doesNotHaveDuplicates();
    }

    @Test
    void s10_duringARotationBothSecretsSignNewestFirst() {
        Signer signer = Signer.of(SigningSecrets.of(OLD).rotate(NEW, NOW.plusSeconds(60)), NOW);

        String signatures = signer.standardSignature(ID, NOW, PAYLOAD);

        assertAccepted(OLD, signatures);
        assertAccepted(NEW, signatures);
        assertThat(signatures.split(" ")).hasSize(2);
        assertAccepted(NEW, signatures.split(" ")[0]);
        assertAccepted(OLD, signatures.split(" ")[1]);
    }

    @Test
    void bodySignature_isByTheNewestSecretAlone() {
        Signer rotated = Signer.of(SigningSecrets.of(OLD).rotate(NEW, NOW.plusSeconds(60)), NOW);

        assertThat(rotated.bodySignature(PAYLOAD)).isEqualTo(signer(NEW).bodySignature(PAYLOAD));
    }

    /** The signer is kept from one attempt to the next, so it must see the end of the overlap by itself. */
    @Test
    void s10_aSignerThatIsKeptStopsSigningWithTheOldSecretOnTime() {
        Signer signer = Signer.of(SigningSecrets.of(OLD).rotate(NEW, NOW), NOW.minusSeconds(60));

        String before = signer.standardSignature(ID, NOW.minusMillis(1), PAYLOAD);
        String after = signer.standardSignature(ID, NOW, PAYLOAD);

        assertThat(before).contains(" ");
        assertThat(after).doesNotContain(" ");
        assertAccepted(NEW, after);
        assertRefused(OLD, after);
    }

    @Test
    void s10_anExpiredSecretNeverSignsAfterARestartEither() {
        Signer signer = Signer.of(SigningSecrets.of(OLD).rotate(NEW, NOW.minusSeconds(1)), NOW);

        String signature = signer.standardSignature(ID, NOW, PAYLOAD);

        assertAccepted(NEW, signature);
        assertRefused(OLD, signature);
    }

    @Test
    void webhookWithoutASecret_isUnsigned() {
        Signer signer = Signer.of(SigningSecrets.NONE, NOW);

        assertThat(signer.bodySignature(PAYLOAD)).isNull();
        assertThat(signer.standardSignature(ID, NOW, PAYLOAD)).isNull();
    }

    @Test
    void signer_signsTheNextPayloadAsIfItWereTheFirst() {
        Signer used = signer(NEW);
        used.standardSignature(ID, NOW, payload("another"));
        used.bodySignature(payload("another"));

        assertThat(used.standardSignature(ID, NOW, PAYLOAD))
                .isEqualTo(signer(NEW).standardSignature(ID, NOW, PAYLOAD));
        assertThat(used.bodySignature(PAYLOAD)).isEqualTo(signer(NEW).bodySignature(PAYLOAD));
    }

    @Test
    void whsk_signsEd25519ThatTheJdkVerifies() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signer signer = signer("whsk_" + Base64.getEncoder().encodeToString(seed(pair)));

        String signature = signer.standardSignature(ID, NOW, PAYLOAD);

        assertThat(signature).startsWith("v1a,");
        assertThat(holds(pair, signature, PAYLOAD)).isTrue();
        assertThat(holds(pair, signature, payload("another"))).isFalse();
        assertThat(signer.bodySignature(PAYLOAD)).isNull();
    }

    /** 64 bytes are the private key followed by the public one. */
    @Test
    void whsk_of64BytesSignsAsItsFirst32Do() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encodedPublic = pair.getPublic().getEncoded();
        byte[] both = Arrays.copyOf(seed(pair), 64);
        System.arraycopy(encodedPublic, encodedPublic.length - 32, both, 32, 32);

        String signature =
                signer("whsk_" + Base64.getEncoder().encodeToString(both)).standardSignature(ID, NOW, PAYLOAD);

        assertThat(holds(pair, signature, PAYLOAD)).isTrue();
    }

    @Test
    void rotationFromWhsecToWhsk_signsWithEachInItsOwnWay() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String asymmetric = "whsk_" + Base64.getEncoder().encodeToString(seed(pair));
        Signer signer = Signer.of(SigningSecrets.of(OLD).rotate(asymmetric, NOW.plusSeconds(60)), NOW);

        String signatures = signer.standardSignature(ID, NOW, PAYLOAD);

        assertThat(holds(pair, signatures.split(" ")[0], PAYLOAD)).isTrue();
        assertAccepted(OLD, signatures);
    }

    private static Signer signer(String secret) {
        return Signer.of(SigningSecrets.of(secret), NOW);
    }

    private static Payload payload(String text) {
        return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, List<String>> headers(String signature) {
        return Map.of(
                "webhook-id", List.of(ID),
                "webhook-timestamp", List.of(String.valueOf(NOW.getEpochSecond())),
                "webhook-signature", List.of(signature));
    }

    private static void assertAccepted(String secret, String signature) {
        assertThatCode(() -> new Webhook(secret).verify(PAYLOAD.text(), headers(signature)))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(String secret, String signature) {
        assertThatThrownBy(() -> new Webhook(secret).verify(PAYLOAD.text(), headers(signature)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    private static byte[] seed(KeyPair pair) {
        return ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    }

    private static boolean holds(KeyPair pair, String signature, Payload payload) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(pair.getPublic());
        verifier.update((ID + "." + NOW.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
        verifier.update(payload.bytes());
        return verifier.verify(Base64.getDecoder().decode(signature.substring("v1a,".length())));
    }
}
