package eventbridge

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// newCredentials reads what a request proves itself by, which must be of the
// kind that it names.
func newCredentials(kind types.ConnectionAuthorizationType, in *types.CreateConnectionAuthRequestParameters) (*credentials, error) {
	if in.ConnectivityParameters != nil {
		return nil, invalid("Private endpoints are not available here.")
	}
	k, given := new(credentials), 0
	if p := in.BasicAuthParameters; p != nil {
		given++
		k.Name, k.Secret = *p.Username, *p.Password
	}
	if p := in.ApiKeyAuthParameters; p != nil {
		given++
		k.Name, k.Secret = *p.ApiKeyName, *p.ApiKeyValue
	}
	if p := in.OAuthParameters; p != nil {
		given++
		k.Name, k.Secret, k.Endpoint, k.Method = *p.ClientParameters.ClientID, *p.ClientParameters.ClientSecret, *p.AuthorizationEndpoint, string(p.HttpMethod)
		k.OfToken = parameters(p.OAuthHttpParameters)
	}
	k.OfRequests = parameters(in.InvocationHttpParameters)
	fits := map[types.ConnectionAuthorizationType]bool{
		types.ConnectionAuthorizationTypeBasic:                  in.BasicAuthParameters != nil,
		types.ConnectionAuthorizationTypeApiKey:                 in.ApiKeyAuthParameters != nil,
		types.ConnectionAuthorizationTypeOauthClientCredentials: in.OAuthParameters != nil,
	}
	if given != 1 || !fits[kind] {
		return nil, invalid("Parameter(s) AuthParameters must hold those of the AuthorizationType %s, and no others.", kind)
	}
	return k, k.check()
}

// changed are credentials after an update of the same kind: what is not given
// stays.
func (k *credentials) changed(in *types.UpdateConnectionAuthRequestParameters) error {
	if in.ConnectivityParameters != nil {
		return invalid("Private endpoints are not available here.")
	}
	if p := in.BasicAuthParameters; p != nil {
		renew(&k.Name, p.Username)
		renew(&k.Secret, p.Password)
	}
	if p := in.ApiKeyAuthParameters; p != nil {
		renew(&k.Name, p.ApiKeyName)
		renew(&k.Secret, p.ApiKeyValue)
	}
	if p := in.OAuthParameters; p != nil {
		if c := p.ClientParameters; c != nil {
			renew(&k.Name, c.ClientID)
			renew(&k.Secret, c.ClientSecret)
		}
		renew(&k.Endpoint, p.AuthorizationEndpoint)
		if p.HttpMethod != "" {
			k.Method = string(p.HttpMethod)
		}
		if p.OAuthHttpParameters != nil {
			k.OfToken = parameters(p.OAuthHttpParameters)
		}
	}
	if in.InvocationHttpParameters != nil {
		k.OfRequests = parameters(in.InvocationHttpParameters)
	}
	return k.check()
}

// whole makes of an update the parameters of a new connection, for one that
// changes its kind; nil where a part is missing.
func whole(in *types.UpdateConnectionAuthRequestParameters) *types.CreateConnectionAuthRequestParameters {
	out := &types.CreateConnectionAuthRequestParameters{InvocationHttpParameters: in.InvocationHttpParameters, ConnectivityParameters: in.ConnectivityParameters}
	if p := in.BasicAuthParameters; p != nil && p.Username != nil && p.Password != nil {
		out.BasicAuthParameters = &types.CreateConnectionBasicAuthRequestParameters{Username: p.Username, Password: p.Password}
	}
	if p := in.ApiKeyAuthParameters; p != nil && p.ApiKeyName != nil && p.ApiKeyValue != nil {
		out.ApiKeyAuthParameters = &types.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: p.ApiKeyName, ApiKeyValue: p.ApiKeyValue}
	}
	if p := in.OAuthParameters; p != nil && p.ClientParameters != nil && p.ClientParameters.ClientID != nil && p.ClientParameters.ClientSecret != nil && p.AuthorizationEndpoint != nil {
		out.OAuthParameters = &types.CreateConnectionOAuthRequestParameters{
			ClientParameters:      &types.CreateConnectionOAuthClientRequestParameters{ClientID: p.ClientParameters.ClientID, ClientSecret: p.ClientParameters.ClientSecret},
			AuthorizationEndpoint: p.AuthorizationEndpoint, HttpMethod: p.HttpMethod, OAuthHttpParameters: p.OAuthHttpParameters,
		}
	}
	return out
}

func renew(at *string, given *string) {
	if given != nil {
		*at = *given
	}
}

func (k *credentials) check() error {
	if k.Endpoint != "" {
		return checkEndpoint("AuthorizationEndpoint", k.Endpoint)
	}
	return nil
}

// checkEndpoint wants a URL of https. Source: EventBridge User Guide, "API
// destinations as targets".
func checkEndpoint(name, text string) error {
	if !strings.HasPrefix(text, "https://") || len(text) == len("https://") {
		return invalid("Parameter %s is not valid. Reason: it must be a URL of https.", name)
	}
	return nil
}

// parameters are those of a request.
func parameters(in *types.ConnectionHttpParameters) (out []parameter) {
	if in == nil {
		return nil
	}
	for _, p := range in.HeaderParameters {
		out = append(out, parameter{inHeader, deref(p.Key), deref(p.Value), p.IsValueSecret})
	}
	for _, p := range in.QueryStringParameters {
		out = append(out, parameter{inQuery, deref(p.Key), deref(p.Value), p.IsValueSecret})
	}
	for _, p := range in.BodyParameters {
		out = append(out, parameter{inBody, deref(p.Key), deref(p.Value), p.IsValueSecret})
	}
	return out
}

// shown are parameters as answers have them: without values that are secret.
func shown(list []parameter) *types.ConnectionHttpParameters {
	if len(list) == 0 {
		return nil
	}
	out := new(types.ConnectionHttpParameters)
	for _, p := range list {
		value := &p.Value
		if p.Secret {
			value = nil
		}
		switch p.In {
		case inHeader:
			out.HeaderParameters = append(out.HeaderParameters, types.ConnectionHeaderParameter{Key: &p.Key, Value: value, IsValueSecret: p.Secret})
		case inQuery:
			out.QueryStringParameters = append(out.QueryStringParameters, types.ConnectionQueryStringParameter{Key: &p.Key, Value: value, IsValueSecret: p.Secret})
		default:
			out.BodyParameters = append(out.BodyParameters, types.ConnectionBodyParameter{Key: &p.Key, Value: value, IsValueSecret: p.Secret})
		}
	}
	return out
}

// describe shows credentials without what is secret.
func (k *credentials) describe(kind types.ConnectionAuthorizationType) *types.ConnectionAuthResponseParameters {
	out := &types.ConnectionAuthResponseParameters{InvocationHttpParameters: shown(k.OfRequests)}
	switch kind {
	case types.ConnectionAuthorizationTypeBasic:
		out.BasicAuthParameters = &types.ConnectionBasicAuthResponseParameters{Username: &k.Name}
	case types.ConnectionAuthorizationTypeApiKey:
		out.ApiKeyAuthParameters = &types.ConnectionApiKeyAuthResponseParameters{ApiKeyName: &k.Name}
	case types.ConnectionAuthorizationTypeOauthClientCredentials:
		out.OAuthParameters = &types.ConnectionOAuthResponseParameters{
			ClientParameters: &types.ConnectionOAuthClientResponseParameters{ClientID: &k.Name}, AuthorizationEndpoint: &k.Endpoint,
			HttpMethod: types.ConnectionOAuthHttpMethod(k.Method), OAuthHttpParameters: shown(k.OfToken),
		}
	}
	return out
}
