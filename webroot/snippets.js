// Code for receivers: how to verify what a webhook sends, in four languages, and how to make such a request by hand.

const HEX = {
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
  Java: `// body: the raw bytes, before any JSON parser; secret: as it was shown
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
  Go: `// body: the raw bytes, before any JSON decoder; secret: as it was shown
func isGenuine(body []byte, header http.Header, secret string) bool {
	id, sent := header.Get("webhook-id"), header.Get("webhook-timestamp")
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
	for _, given := range strings.Fields(header.Get("webhook-signature")) {
		if hmac.Equal(expected, []byte(given)) {
			return true
		}
	}
	return false
}`,
};

const PUBLIC = {
  JavaScript: (key) => `import { createPublicKey, verify } from 'node:crypto';

const raw = Buffer.from('${key}'.slice('whpk_'.length), 'base64');
const publicKey = createPublicKey({
  key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]),
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
    .some((given) => verify(null, content, publicKey, Buffer.from(given.replace(/^v1a,/, ''), 'base64')));
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
        try:
            PUBLIC_KEY.verify(base64.b64decode(given.removeprefix("v1a,")), content)
            return True
        except InvalidSignature:
            pass
    return False`,
};

/** `{language: code}` that verifies what this webhook sends; null for one that does not sign. */
export function verifiers(webhook) {
  if (webhook.public_key) {
    return Object.fromEntries(Object.entries(PUBLIC).map(([language, code]) => [language, code(webhook.public_key)]));
  }
  return webhook.secret_hint ? HEX : null;
}

/** The command that makes this request again, quoted for a POSIX shell. `headers` hold texts or lists of them. */
export function curl({ url, headers, body }) {
  const lines = Object.entries(headers ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `-H ${quoted(`${name}: ${value}`)}`),
  );
  return [`curl -i ${quoted(url)}`, ...lines, `--data-binary ${quoted(body)}`].join(' \\\n  ');
}

function quoted(text) {
  return `'${String(text).replaceAll("'", "'\\''")}'`;
}
