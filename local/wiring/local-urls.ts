/** Turns the AWS URLs of REST APIs and token issuers in a text into those of the local services. */
export const createLocalizer = (options: {
  region: string;
  /** By REST API id. */
  apiUrls: ReadonlyMap<string, string>;
  cognitoUrl: string;
}): ((text: string) => string) => {
  const { region, apiUrls, cognitoUrl } = options;
  const api = new RegExp(`https://([a-z0-9]+)\\.execute-api\\.${region}\\.amazonaws\\.com`, 'g');
  const issuer = `https://cognito-idp.${region}.amazonaws.com`;
  return (text) =>
    text.replaceAll(api, (whole, id: string) => apiUrls.get(id) ?? whole).replaceAll(issuer, cognitoUrl);
};
