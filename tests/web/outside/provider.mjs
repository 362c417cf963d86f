// An OpenID provider as others run it: npm's `oidc-provider`. Told what it needs by one JSON argument, it says `ready`.
import { pathToFileURL } from "node:url";

const told = JSON.parse(process.argv[2]);
const { default: Provider } = await import(pathToFileURL(told.library));

const provider = new Provider(told.issuer, {
  clients: [
    {
      client_id: "wangge",
      client_secret: told.secret,
      redirect_uris: [`${told.base}/sign-in/outside/back/`],
      post_logout_redirect_uris: [`${told.base}/sign-in/`],
      backchannel_logout_uri: told.ended,
      backchannel_logout_session_required: true,
    },
  ],
  claims: {
    openid: ["sub", "groups", "area", "bureau"],
    profile: ["name", "preferred_username"],
    email: ["email", "email_verified"],
  },
  // `login` is the name typed into its form; who it is there is told apart from it.
  findAccount: (_context, id) => {
    const claims = told.people[id];
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
  // Its own refuses addresses of this machine, where Wangge is in a test.
  fetch: (address, options) => {
    const { dispatcher, ...rest } = options;
    return globalThis.fetch(address, rest);
  },
  cookies: { keys: ["only of tests"] },
});
provider.on("backchannel.error", (_context, error) => console.error("backchannel", error.message, error.cause?.message));
provider.on("server_error", (_context, error) => console.error(error));
provider.listen(new URL(told.issuer).port, "127.0.0.1", () => console.log("ready"));
