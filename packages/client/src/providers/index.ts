export { OptionError } from '../errors.ts'
export { amazon } from './amazon.ts'
export { apple } from './apple.ts'
export type { AppleKey, AppleOptions } from './apple-client-secret.ts'
export { atlassian } from './atlassian.ts'
export { type Auth0Options, auth0 } from './auth0.ts'
export { bitbucket } from './bitbucket.ts'
export { discord } from './discord.ts'
export { doorward } from './doorward.ts'
export { dropbox } from './dropbox.ts'
export { facebook } from './facebook.ts'
export { github } from './github.ts'
export { type GitlabOptions, gitlab } from './gitlab.ts'
export { google } from './google.ts'
export { kakao } from './kakao.ts'
export { keycloak } from './keycloak.ts'
export { line } from './line.ts'
export { linkedin } from './linkedin.ts'
export { type MicrosoftOptions, microsoft } from './microsoft.ts'
export { naver } from './naver.ts'
export { notion } from './notion.ts'
export { type OAuth2Options, oauth2 } from './oauth2.ts'
export { type OidcOptions, oidc } from './oidc.ts'
export { okta } from './okta.ts'
export type {
  Claims,
  Endpoints,
  Profile,
  ProfileSource,
  Provider,
  ProviderOptions,
  Quirks,
} from './provider.ts'
export { reddit } from './reddit.ts'
export { slack } from './slack.ts'
export { spotify } from './spotify.ts'
export { twitch } from './twitch.ts'
export { x } from './x.ts'
export { yahoo } from './yahoo.ts'
export { zoom } from './zoom.ts'
