import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

// A real identity provider (oidc-provider) on this machine, which can change its keys, its claims, and stop.

export const CLIENT = { id: 'candor', secret: 'a secret & more of it' };

export type IdentityProvider = {
  issuer: string;
  // New keys, under new ids; the old ones are gone.
  rotate: (kind: 'RSA' | 'EC') => void;
  // Claims come with the id token, not only from the user info.
  claimsInToken: (are: boolean) => void;
  groups: Map<string, string[]>;
  stop: () => Promise<void>;
};

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
export { freePort };

function newKey(kind: 'RSA' | 'EC') {
  const { privateKey } =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig' };
}

// `candor`: where Candor is. The provider is at another name than Candor, so that the browser takes them for two sites.
export async function startProvider(candor: string): Promise<IdentityProvider> {
  let answer: RequestListener = (_, response) => response.writeHead(503).end();
  const server: Server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const groups = new Map<string, string[]>();
  let kind: 'RSA' | 'EC' = 'RSA';
  let inToken = false;
  const make = () => {
    const configuration: Configuration = {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [`${candor}/api/v1/session/provider/callback`],
          post_logout_redirect_uris: [`${candor}/`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          id_token_signed_response_alg: kind === 'RSA' ? 'RS256' : 'ES256',
          backchannel_logout_uri: `${candor}/api/v1/session/provider/logout`,
          backchannel_logout_session_required: true,
        },
      ],
      jwks: { keys: kind === 'RSA' ? [newKey('RSA')] : [newKey('RSA'), newKey('EC')] },
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
      scopes: ['openid', 'profile', 'groups'],
      conformIdTokenClaims: !inToken,
      cookies: { keys: [randomUUID()] },
      // Its own refuses to ask this machine, where Candor is: it passes on what to ask with.
      fetch: (url, { method, headers, body, redirect } = {}) =>
        globalThis.fetch(url, { method, headers, body, redirect, signal: AbortSignal.timeout(5_000) } as RequestInit),
      features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () =>
          Promise.resolve({
            sub,
            name: `Person ${sub}`,
            preferred_username: `${sub}@example.com`,
            groups: groups.get(sub) ?? [],
          }),
      }),
    };
    const made = new Provider(issuer, configuration);
    made.on('backchannel.error', (_c: unknown, error: Error) => console.log('DEBUG', error));
    const callback = made.callback();
    answer = (request, response) => void callback(request, response);
  };
  make();
  return {
    issuer,
    groups,
    rotate: (next) => {
      kind = next;
      make();
    },
    claimsInToken: (are) => {
      inToken = are;
      make();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
