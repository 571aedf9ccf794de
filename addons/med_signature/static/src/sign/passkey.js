import { rpc } from "@web/core/network/rpc";

const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replace(/\+/g, "-")
        .replace(/\//g, "_")
        .replace(/=+$/, "");

/** Ask the person's passkey; returns its answer as the JSON text that the server verifies. */
export async function askPasskey() {
    const options = await rpc("/auth/passkey/start-auth");
    const found = await navigator.credentials.get({
        publicKey: {
            ...options,
            challenge: toBytes(options.challenge),
            allowCredentials: (options.allowCredentials || []).map((one) => ({
                ...one,
                id: toBytes(one.id),
            })),
        },
    });
    const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
    return JSON.stringify({
        id: found.id,
        rawId: toText(found.rawId),
        type: found.type,
        response: {
            authenticatorData: toText(authenticatorData),
            clientDataJSON: toText(clientDataJSON),
            signature: toText(signature),
            userHandle: userHandle ? toText(userHandle) : null,
        },
    });
}
