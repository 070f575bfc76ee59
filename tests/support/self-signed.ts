/** A certificate for localhost that nobody vouches for, and its key, which guards nothing:
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
 */

export const CERTIFICATE = `
-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUGS+PcIdnktaoXAzFfuR8h60alzEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzA5MTk0M1oYDzIxMjYxMTAz
MDkxOTQzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQnwH58lGFI+3VR4ctIopnjQI28z234MyMYMo1U3LWa5DcFuj4pwNwl
kbMTgqCyOxwx3Jqp+GJwBonelv46Y/jSo2kwZzAdBgNVHQ4EFgQU/z4jBx8Il+SC
DwZ/5nRztt111AgwHwYDVR0jBBgwFoAU/z4jBx8Il+SCDwZ/5nRztt111AgwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAL/5UC102V3bvFqCtqEQLNd4COwSB6ZH6OwfAiTuc3fnAiEAiCB+xYTu
tVZCZ7AXCVzKJUAVl2XCrlk0qSMKYLC6sHo=
-----END CERTIFICATE-----
`;

export const PRIVATE_KEY = `
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+CbvwssGORxNqCor
XZi+KbQK2Hh3V5YFXeHxAXPaDdmhRANCAAQnwH58lGFI+3VR4ctIopnjQI28z234
MyMYMo1U3LWa5DcFuj4pwNwlkbMTgqCyOxwx3Jqp+GJwBonelv46Y/jS
-----END PRIVATE KEY-----
`;
