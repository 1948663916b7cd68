// Code for receivers: how to verify what a webhook sends, in four languages, for both kinds of signature.

/** For a secret that both sides know: `v1`, HMAC-SHA256. */
const SHARED = {
  Java: `import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

// body: the raw bytes, before any JSON parser; secret: as it was shown
// id, time, signatures: the headers webhook-id, webhook-timestamp, webhook-signature
static boolean isGenuine(byte[] body, String id, String time, String signatures, String secret)
        throws GeneralSecurityException {
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(time)) > 300) {
        return false;
    }
    byte[] key = secret.startsWith("whsec_")
            ? Base64.getDecoder().decode(secret.substring(6))
            : secret.getBytes(StandardCharsets.UTF_8);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
    byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
    return Arrays.stream(signatures.split(" "))
            .anyMatch(given -> MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8)));
}`,
  JavaScript: `import { createHmac, timingSafeEqual } from 'node:crypto';

// body: the raw bytes, before any JSON parser; headers: lower-case names
export function isGenuine(body, headers, secret = process.env.WEBHOOK_SECRET) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const expected = createHmac('sha256', key).update(\`\${id}.\${time}.\`).update(body).digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}`,
  Python: `import base64, hashlib, hmac, os, time

# body: the raw bytes, before any JSON parser
def is_genuine(body, headers, secret=os.environ["WEBHOOK_SECRET"]):
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    content = f"{headers['webhook-id']}.{sent}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, given) for given in headers["webhook-signature"].split(" "))`,
  Go: `import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// body: the raw bytes, before any JSON decoder; secret: as it was shown
// id, sent, signatures: the headers webhook-id, webhook-timestamp, webhook-signature
func isGenuine(body []byte, id, sent, signatures, secret string) bool {
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	key := []byte(secret)
	if encoded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return false
		}
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, sent, body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for _, given := range strings.Fields(signatures) {
		if hmac.Equal(expected, []byte(given)) {
			return true
		}
	}
	return false
}`,
};

/** For a key whose private half only the sender has: `v1a`, Ed25519. */
const PUBLIC = {
  Java: (key) => `import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

static final String PUBLIC_KEY = "${key}";

// body: the raw bytes, before any JSON parser
// id, time, signatures: the headers webhook-id, webhook-timestamp, webhook-signature
static boolean isGenuine(byte[] body, String id, String time, String signatures) throws GeneralSecurityException {
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(time)) > 300) {
        return false;
    }
    byte[] raw = Base64.getDecoder().decode(PUBLIC_KEY.substring("whpk_".length()));
    byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100"); // X.509: an Ed25519 key follows
    byte[] encoded = ByteBuffer.allocate(prefix.length + raw.length).put(prefix).put(raw).array();
    PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    for (String given : signatures.split(" ")) {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
        signature.update(body);
        if (given.startsWith("v1a,") && signature.verify(Base64.getDecoder().decode(given.substring(4)))) {
            return true;
        }
    }
    return false;
}`,
  JavaScript: (key) => `import { createPublicKey, verify } from 'node:crypto';

const raw = Buffer.from('${key}'.slice('whpk_'.length), 'base64');
const publicKey = createPublicKey({
  key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]), // X.509: an Ed25519 key follows
  format: 'der',
  type: 'spki',
});

// body: the raw bytes, before any JSON parser; headers: lower-case names
export function isGenuine(body, headers) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false;
  const content = Buffer.concat([Buffer.from(\`\${id}.\${time}.\`), body]);
  return signatures
    .split(' ')
    .filter((given) => given.startsWith('v1a,'))
    .some((given) => verify(null, content, publicKey, Buffer.from(given.slice('v1a,'.length), 'base64')));
}`,
  Python: (key) => `import base64, time
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PUBLIC_KEY = Ed25519PublicKey.from_public_bytes(base64.b64decode("${key}"[5:]))

# body: the raw bytes, before any JSON parser
def is_genuine(body, headers):
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    content = f"{headers['webhook-id']}.{sent}.".encode() + body
    for given in headers["webhook-signature"].split(" "):
        if given.startswith("v1a,"):
            try:
                PUBLIC_KEY.verify(base64.b64decode(given[4:]), content)
                return True
            except InvalidSignature:
                pass
    return False`,
  Go: (key) => `import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const publicKey = "${key}"

// body: the raw bytes, before any JSON decoder
// id, sent, signatures: the headers webhook-id, webhook-timestamp, webhook-signature
func isGenuine(body []byte, id, sent, signatures string) bool {
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(publicKey, "whpk_"))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	content := fmt.Appendf(nil, "%s.%s.%s", id, sent, body)
	for _, given := range strings.Fields(signatures) {
		encoded, isPublic := strings.CutPrefix(given, "v1a,")
		signature, err := base64.StdEncoding.DecodeString(encoded)
		if isPublic && err == nil && ed25519.Verify(key, content, signature) {
			return true
		}
	}
	return false
}`,
};

/** `{language: code}` that verifies what this webhook sends; null for one that does not sign. */
export function verifiers(webhook) {
  if (webhook.public_key) {
    return Object.fromEntries(Object.entries(PUBLIC).map(([language, code]) => [language, code(webhook.public_key)]));
  }
  return webhook.secret_hint ? SHARED : null;
}
