import { generateKeyPairSync } from 'node:crypto'
import {
  amazon,
  apple,
  atlassian,
  auth0,
  bitbucket,
  discord,
  doorward,
  dropbox,
  facebook,
  github,
  gitlab,
  google,
  kakao,
  keycloak,
  line,
  linkedin,
  microsoft,
  naver,
  notion,
  okta,
  type Profile,
  type ProfileSource,
  type Provider,
  reddit,
  slack,
  spotify,
  twitch,
  x,
  yahoo,
  zoom,
} from '../../src/providers/index.ts'

/** One provider, a sample answer after its documentation, and who that is. */
export type Sample = {
  readonly provider: Provider
  readonly answer: Partial<ProfileSource>
  readonly profile: Profile
  /** The same account, where the provider does not say that the address was proven. */
  readonly unproven?: Partial<ProfileSource>
}

const credentials = { clientId: 'client-1', clientSecret: 'secret-1' }

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** What verifies Apple's client secret here. */
export const applePublicKey = keys.publicKey

/** An app's registration at Apple, with a key of its own. */
export const appleOptions = {
  clientId: 'com.example.web',
  teamId: 'DEF123GHIJ',
  keyId: 'ABC123DEFG',
  privateKey: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
}

const standard = {
  sub: '248289761001',
  email: 'janedoe@example.com',
  email_verified: true,
  name: 'Jane Doe',
  picture: 'https://example.com/janedoe/me.jpg',
}
const jane: Profile = {
  subject: '248289761001',
  email: 'janedoe@example.com',
  emailVerified: true,
  name: 'Jane Doe',
  picture: 'https://example.com/janedoe/me.jpg',
}
const unprovenStandard = { claims: { ...standard, email_verified: false } }

const ofIssuer = (provider: Provider): Sample => ({
  provider,
  answer: { claims: standard },
  profile: jane,
  unproven: unprovenStandard,
})

const githubUser = {
  login: 'octocat',
  id: 1,
  avatar_url: 'https://github.com/images/error/octocat_happy.gif',
  name: 'monalisa octocat',
  email: null,
}
const bitbucketUser = {
  type: 'user',
  uuid: '{c423e13e-7541-4d4f-84d8-8c1f0cd5ab2b}',
  display_name: 'Mia Krystof',
  links: { avatar: { href: 'https://bitbucket.org/account/mia/avatar/32/' } },
}
const discordUser = {
  id: '80351110224678912',
  username: 'Nelly',
  discriminator: '1337',
  avatar: '8342729096ea3675442027381ff50dfe',
  verified: true,
  email: 'nelly@discord.com',
  global_name: null,
}
const slackUser = {
  ok: true,
  sub: 'U0R7JM',
  'https://slack.com/user_id': 'U0R7JM',
  'https://slack.com/team_id': 'T0R7GR',
  email: 'krane@slack-corp.com',
  email_verified: true,
  name: 'krane',
  picture: 'https://secure.gravatar.com/krane.png',
}
const dropboxUser = {
  account_id: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc',
  name: { given_name: 'Franz', surname: 'Ferdinand', display_name: 'Franz Ferdinand (Personal)' },
  email: 'franz@dropbox.com',
  email_verified: true,
  profile_photo_url: 'https://dl-web.dropbox.com/account_photo/get/dbaphid',
}
const zoomUser = {
  id: 'zJKyaiAyTNC-MWjiWC18KQ',
  display_name: 'Jill Chill',
  email: 'jchill@example.com',
  verified: 1,
  pic_url: 'https://example.com/jchill.jpg',
}
const atlassianUser = {
  account_type: 'atlassian',
  account_id: '112233aa-bb11-cc22-33dd-445566abcabc',
  email: 'mia@example.com',
  email_verified: true,
  name: 'Mia Krystof',
  picture: 'https://avatar-management.example/mia',
}
const kakaoUser = (is_email_verified: boolean) => ({
  id: 123456789,
  kakao_account: {
    profile: { nickname: 'Ryan', profile_image_url: 'http://yyy.kakao.com/dn/.../img_640x640.jpg' },
    email: 'sample@sample.com',
    is_email_valid: true,
    is_email_verified,
  },
})

/** Every provider that has a name of its own. */
export const samples: readonly Sample[] = [
  ofIssuer(google(credentials)),
  ofIssuer(gitlab(credentials)),
  ofIssuer(yahoo(credentials)),
  ofIssuer(linkedin(credentials)),
  ofIssuer(twitch(credentials)),
  ofIssuer(okta({ ...credentials, issuer: 'https://acme.okta.com' })),
  ofIssuer(auth0({ ...credentials, domain: 'acme.eu.auth0.com' })),
  ofIssuer(keycloak({ ...credentials, issuer: 'https://id.acme.example/realms/acme' })),
  ofIssuer(doorward({ ...credentials, issuer: 'https://id.acme.example' })),
  {
    provider: github(credentials),
    answer: {
      userinfo: githubUser,
      extra: [
        { email: 'old@example.com', verified: true, primary: false, visibility: null },
        { email: 'octocat@github.com', verified: true, primary: true, visibility: 'private' },
      ],
    },
    profile: {
      subject: '1',
      email: 'octocat@github.com',
      emailVerified: true,
      name: 'monalisa octocat',
      picture: 'https://github.com/images/error/octocat_happy.gif',
    },
    unproven: { userinfo: { ...githubUser, email: 'octocat@github.com' }, extra: null },
  },
  {
    provider: microsoft(credentials),
    answer: {
      claims: {
        sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
        tid: '9122040d-6c67-4c5b-b112-36a304b66dad',
        name: 'Abe Lincoln',
        preferred_username: 'AbeLi@microsoft.com',
        email: 'AbeLi@microsoft.com',
        xms_edov: true,
      },
      userinfo: {},
    },
    profile: {
      subject: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      email: 'AbeLi@microsoft.com',
      emailVerified: true,
      name: 'Abe Lincoln',
      picture: null,
    },
    unproven: { claims: { sub: 'A', email: 'ceo@victim.example', email_verified: true } },
  },
  {
    provider: apple(appleOptions),
    answer: {
      claims: {
        sub: '000792.d71059495fa24644b94e4a644e2e3b4a.0638',
        email: 'w8x2@privaterelay.appleid.com',
        email_verified: 'true',
      },
      extra: { name: { firstName: 'Jane', lastName: 'Appleseed' }, email: 'forged@example.com' },
    },
    profile: {
      subject: '000792.d71059495fa24644b94e4a644e2e3b4a.0638',
      email: 'w8x2@privaterelay.appleid.com',
      emailVerified: true,
      name: 'Jane Appleseed',
      picture: null,
    },
    unproven: { claims: { sub: '000792', email: 'jane@example.com', email_verified: 'false' } },
  },
  {
    provider: facebook(credentials),
    answer: {
      userinfo: {
        id: '10152345678901234',
        name: 'Jane Doe',
        email: 'jane@example.com',
        picture: {
          data: {
            height: 50,
            is_silhouette: false,
            url: 'https://platform-lookaside.fbsbx.com/p',
            width: 50,
          },
        },
      },
    },
    profile: {
      subject: '10152345678901234',
      email: 'jane@example.com',
      emailVerified: false,
      name: 'Jane Doe',
      picture: 'https://platform-lookaside.fbsbx.com/p',
    },
  },
  {
    provider: bitbucket(credentials),
    answer: {
      userinfo: bitbucketUser,
      extra: {
        values: [
          { email: 'other@example.com', is_primary: false, is_confirmed: true },
          { email: 'mia@example.com', is_primary: true, is_confirmed: true },
        ],
      },
    },
    profile: {
      subject: '{c423e13e-7541-4d4f-84d8-8c1f0cd5ab2b}',
      email: 'mia@example.com',
      emailVerified: true,
      name: 'Mia Krystof',
      picture: 'https://bitbucket.org/account/mia/avatar/32/',
    },
    unproven: {
      userinfo: bitbucketUser,
      extra: { values: [{ email: 'mia@example.com', is_primary: true, is_confirmed: false }] },
    },
  },
  {
    provider: discord(credentials),
    answer: { userinfo: discordUser },
    profile: {
      subject: '80351110224678912',
      email: 'nelly@discord.com',
      emailVerified: true,
      name: 'Nelly',
      picture: 'https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png',
    },
    unproven: { userinfo: { ...discordUser, verified: false } },
  },
  {
    provider: slack(credentials),
    answer: { claims: { sub: 'U0R7JM' }, userinfo: slackUser },
    profile: {
      subject: 'U0R7JM',
      email: 'krane@slack-corp.com',
      emailVerified: true,
      name: 'krane',
      picture: 'https://secure.gravatar.com/krane.png',
    },
    unproven: { claims: { sub: 'U0R7JM' }, userinfo: { ...slackUser, email_verified: false } },
  },
  {
    provider: x(credentials),
    answer: {
      userinfo: {
        data: {
          id: '2244994945',
          name: 'X Dev',
          username: 'TwitterDev',
          confirmed_email: 'dev@x.com',
          profile_image_url: 'https://pbs.twimg.com/profile_images/1/normal.jpg',
        },
      },
    },
    profile: {
      subject: '2244994945',
      email: 'dev@x.com',
      emailVerified: true,
      name: 'X Dev',
      picture: 'https://pbs.twimg.com/profile_images/1/normal.jpg',
    },
    unproven: { userinfo: { data: { id: '2244994945', name: 'X Dev', email: 'dev@x.com' } } },
  },
  {
    provider: spotify(credentials),
    answer: {
      userinfo: {
        id: 'wizzler',
        display_name: 'JM Wizzler',
        email: 'email@example.com',
        images: [{ height: null, url: 'https://fbcdn-profile-a.akamaihd.net/wizzler.jpg', width: null }],
      },
    },
    profile: {
      subject: 'wizzler',
      email: 'email@example.com',
      emailVerified: false,
      name: 'JM Wizzler',
      picture: 'https://fbcdn-profile-a.akamaihd.net/wizzler.jpg',
    },
  },
  {
    provider: reddit(credentials),
    answer: {
      userinfo: {
        id: '1w72',
        name: 'spez',
        icon_img: 'https://styles.redditmedia.com/t5/icon.png?width=256&amp;s=1',
        has_verified_email: true,
      },
    },
    profile: {
      subject: '1w72',
      email: null,
      emailVerified: false,
      name: 'spez',
      picture: 'https://styles.redditmedia.com/t5/icon.png?width=256&s=1',
    },
  },
  {
    provider: notion(credentials),
    answer: {
      userinfo: {
        access_token: 'secret',
        bot_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
        owner: {
          type: 'user',
          user: {
            object: 'user',
            id: 'd40e767c-d7af-4b18-a86d-55c61f1e39a4',
            type: 'person',
            person: { email: 'avo@example.org' },
            name: 'Avocado Lovelace',
            avatar_url: 'https://secure.notion-static.com/e6a352a8.jpg',
          },
        },
      },
    },
    profile: {
      subject: 'd40e767c-d7af-4b18-a86d-55c61f1e39a4',
      email: 'avo@example.org',
      emailVerified: false,
      name: 'Avocado Lovelace',
      picture: 'https://secure.notion-static.com/e6a352a8.jpg',
    },
  },
  {
    provider: dropbox(credentials),
    answer: { userinfo: dropboxUser },
    profile: {
      subject: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc',
      email: 'franz@dropbox.com',
      emailVerified: true,
      name: 'Franz Ferdinand (Personal)',
      picture: 'https://dl-web.dropbox.com/account_photo/get/dbaphid',
    },
    unproven: { userinfo: { ...dropboxUser, email_verified: false } },
  },
  {
    provider: zoom(credentials),
    answer: { userinfo: zoomUser },
    profile: {
      subject: 'zJKyaiAyTNC-MWjiWC18KQ',
      email: 'jchill@example.com',
      emailVerified: true,
      name: 'Jill Chill',
      picture: 'https://example.com/jchill.jpg',
    },
    unproven: { userinfo: { ...zoomUser, verified: 0 } },
  },
  {
    provider: atlassian(credentials),
    answer: { userinfo: atlassianUser },
    profile: {
      subject: '112233aa-bb11-cc22-33dd-445566abcabc',
      email: 'mia@example.com',
      emailVerified: true,
      name: 'Mia Krystof',
      picture: 'https://avatar-management.example/mia',
    },
    unproven: { userinfo: { ...atlassianUser, email_verified: false } },
  },
  {
    provider: amazon(credentials),
    answer: {
      userinfo: {
        user_id: 'amzn1.account.K2LI23KL2LK2',
        email: 'johndoe@gmail.com',
        name: 'John Doe',
        postal_code: '98101',
      },
    },
    profile: {
      subject: 'amzn1.account.K2LI23KL2LK2',
      email: 'johndoe@gmail.com',
      emailVerified: false,
      name: 'John Doe',
      picture: null,
    },
  },
  {
    provider: line(credentials),
    answer: {
      claims: {
        iss: 'https://access.line.me',
        sub: 'U1234567890abcdef1234567890abcdef',
        amr: ['pwd'],
        name: 'Taro Line',
        picture: 'https://sample_line.me/aBcdefg123456',
        email: 'taro.line@example.com',
      },
    },
    profile: {
      subject: 'U1234567890abcdef1234567890abcdef',
      email: 'taro.line@example.com',
      emailVerified: false,
      name: 'Taro Line',
      picture: 'https://sample_line.me/aBcdefg123456',
    },
  },
  {
    provider: kakao(credentials),
    answer: { userinfo: kakaoUser(true) },
    profile: {
      subject: '123456789',
      email: 'sample@sample.com',
      emailVerified: true,
      name: 'Ryan',
      picture: 'http://yyy.kakao.com/dn/.../img_640x640.jpg',
    },
    unproven: { userinfo: kakaoUser(false) },
  },
  {
    provider: naver(credentials),
    answer: {
      userinfo: {
        resultcode: '00',
        message: 'success',
        response: {
          id: '32742776',
          email: 'openapi@naver.com',
          nickname: 'OpenAPI',
          profile_image: 'https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif',
          name: 'Open API',
        },
      },
    },
    profile: {
      subject: '32742776',
      email: 'openapi@naver.com',
      emailVerified: false,
      name: 'Open API',
      picture: 'https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif',
    },
  },
]
