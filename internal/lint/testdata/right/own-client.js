// Shape of a project with a Coze client of its own.
class CozeClient {
  async getJWTToken({ appId, keyid, privateKey }) {
    return this.post('/api/permission/oauth2/token', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });
  }

  isExpired(token) {
    return Date.now() / 1000 > token.expires_in || Date.now() + 60e3 > token.expires_in * 1000;
  }

  async device(code) {
    const deadline = Date.now() + deviceCode.expires_in * 1000;
    return this.poll(code, deadline);
  }
}

class Coze {
  constructor(auth) {
    this.auth = auth;
  }
}
module.exports = { CozeClient, Coze };
