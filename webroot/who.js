// Who looks at the dashboard, as the server says.

let session = null;

export function remember(answer) {
  session = answer;
}

/** Only a server that needs no keys, since nobody but this machine's user reaches it, has a receiver of its own. */
export function hasOwnReceiver() {
  return session?.keys_needed === false;
}
